import assert from 'node:assert/strict'
import { observed } from '../compare/observed.ts'
import { plainExemplar } from '../store/plain-records.ts'
import { exemplarText } from '../store/stored-json.ts'
import { common, createFolder, drivesTerminal, type Folder, type Ran, run } from './command-lab.ts'
import { compare } from './compare.ts'

const message = (type: string, body: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n${more}\r\n${body}`

describe('banyan compare', () => {
  let folder: Folder
  beforeEach(() => {
    folder = createFolder()
  })
  afterEach(() => folder.remove())

  interface Given {
    readonly a: string
    readonly b: string
    readonly rules?: string
    readonly form?: string
    readonly json?: boolean
    readonly name?: string
  }
  const compared = ({ a, b, rules, form = '', json = false, name = 'txt' }: Given): Promise<Ran> =>
    run((io) =>
      compare(
        {
          ...common('none.yaml', json),
          a: folder.write(`a.${name}`, a),
          b: folder.write(`b.${name}`, b),
          rules: rules === undefined ? null : folder.write('rules.yaml', rules),
          form: form === '' ? null : form,
        },
        io,
      ),
    )

  const cases: readonly (readonly [string, Given, number, RegExp])[] = [
    ['the same bytes', { a: 'x', b: 'x' }, 0, /^identical\n$/],
    [
      'digits that were lost',
      { a: '{"id":9007199254740993}', b: '{"id":9007199254740992}', name: 'json' },
      1,
      /^mismatch, breaking\n\n[\s\S]*\/id +precision/,
    ],
    [
      'JSON in another spelling',
      { a: '{"a":1, "b":2}', b: '{"b":2,"a":1}', name: 'json' },
      0,
      /^equivalent/,
    ],
    [
      'what a rule excuses, with its reason',
      { a: '{"t":1}', b: '{"t":2}', form: 'json', rules: '- { ignore: /t, why: "a clock" }' },
      0,
      /rules#1: a clock/,
    ],
    [
      'rules as suggest-rules prints them',
      {
        a: '{"t":1}',
        b: '{"t":2}',
        form: 'json',
        rules: 'rulesets:\n  "my.route":\n    - { ignore: "/t", why: "x" }\n',
      },
      0,
      /my\.route#1: x/,
    ],
    ['named rulesets', { a: '{"m":[]}', b: '{"m":{}}', form: 'json', rules: '[php]' }, 0, /php#1/],
    [
      'pages as trees',
      { a: '<p  class="a">x</p>', b: '<p class=a>x', name: 'html' },
      0,
      /^equivalent/,
    ],
    ['forms', { a: 'a=1&b=2', b: 'a=1&b=3', form: 'form' }, 1, /\/b +value/],
    [
      'whole messages',
      { a: message('text/plain', 'x', 'X-A: 1\r\n'), b: message('text/plain', 'x', 'X-A: 2\r\n') },
      1,
      /header:x-a +value/,
    ],
    [
      'the last of several heads',
      {
        a: `HTTP/1.1 100 Continue\r\n\r\n${message('text/plain', 'x')}`,
        b: message('text/plain', 'x'),
      },
      0,
      /^identical/,
    ],
    [
      'bodies alone where one has no head',
      { a: message('application/json', '{"a":1}', 'X-A: 1\r\n'), b: '{"a":1}' },
      0,
      /^identical/,
    ],
    [
      'a head that names a coding which curl has undone',
      { a: message('text/plain', 'x', 'Content-Encoding: br\r\n'), b: message('text/plain', 'x') },
      0,
      /^(?:identical|equivalent)/,
    ],
    ['a form that is none', { a: 'x', b: 'x', form: 'odt' }, 2, /allowed: json, html/],
    ['rules that are none', { a: 'x', b: 'x', rules: 'a: 1' }, 2, /holds no rules/],
    [
      'a rule that is wrong',
      { a: 'x', b: 'x', rules: '- { ignor: /a, why: "x" }' },
      2,
      /did you mean "ignore"/,
    ],
    ['a ruleset that is not there', { a: 'x', b: 'x', rules: '[pph]' }, 2, /no ruleset "pph"/],
    ['YAML that is broken', { a: 'x', b: 'x', rules: '[' }, 2, /rules\.yaml:\d+:\d+/],
  ]
  for (const [title, given, code, words] of cases) {
    it(`tells ${title}`, async () => {
      const ran = await compared(given)
      assert.equal(ran.code, code, ran.out + ran.err)
      assert.match(ran.out + ran.err, words)
    })
  }

  it('tells everything that is wrong with rules, each with its line', async () => {
    const rules = [
      'rulesets:',
      '  own:',
      '    - { ignore: /t, why: "x", allow: [values] }',
      '    - { ignor: /t, why: "x" }',
      '    - pph',
      '  more: [{ time: /t, zone: Mars, expires: tomorrow }]',
    ].join('\n')
    const { code, err } = await compared({ a: 'x', b: 'x', rules })
    assert.equal(code, 2)
    const places = [...err.matchAll(/rules\.yaml:(\d+):\d+ {2}error {2}(BC\d+)/g)]
    assert.deepEqual(
      places.map(([, line, fault]) => `${line} ${fault}`),
      ['3 BC1112', '4 BC1112', '5 BC1203', '6 BC1110', '6 BC1112', '6 BC1112'],
    )
    assert.match(err, /rules\.yaml has 6 errors/)
  })

  it('takes both answers of a stored exchange, each from its side', async () => {
    const headers = ['Content-Type', 'application/json']
    const text = exemplarText(
      plainExemplar({ modern: observed('modern', { headers, body: '{"id":9007199254740992}' }) }),
    )
    const { code, out } = await compared({ a: text, b: text, json: true })
    assert.equal(code, 1)
    assert.equal(JSON.parse(out).differences[0].kind, 'precision')
  })

  it('says which rules no longer hold, for people and in JSON', async () => {
    const rules = '- { ignore: /t, why: "a clock", expires: 2001-02-03 }'
    const asked: Given = { a: '{"t":1}', b: '{"t":2}', form: 'json', rules, json: true }
    const { code, out, err } = await compared(asked)
    assert.equal(code, 1)
    assert.match(err, /the rule rules#1 no longer holds: it expired on 2001-02-03\n/)
    assert.deepEqual(JSON.parse(out).expired, ['rules#1'])
  })

  it('exits 3 where a file cannot be read', async () => {
    const asked = { ...common('x'), a: '/none/a', b: '/none/b', rules: null, form: null }
    const { code, err } = await run((io) => compare(asked, io))
    assert.equal(code, 3)
    assert.match(err, /cannot read \/none\/a/)
  })

  it('prints nothing that a terminal obeys', async () => {
    const evil = JSON.stringify({ '\u001b[2J': '\u009b31m\u202e' })
    const { out } = await compared({ a: evil, b: evil.replace('31m', '32m'), form: 'json' })
    assert.ok(!drivesTerminal(out))
  })
})
