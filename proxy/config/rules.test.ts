import assert from 'node:assert/strict'
import { rulesOf } from '../compare/rules-of.ts'
import type { Config } from './config.ts'
import { parseConfig } from './parse.ts'

const head = 'upstreams: { php: { url: http://a } }\n'

const parsed = (text: string, today: string | null = null) =>
  parseConfig([{ file: 'banyan.yaml', text: head + text }], { directory: '/', today })

const found = (text: string, today: string | null = null): string[] =>
  parsed(text, today)
    .diagnostics.filter(({ code }) => code !== 'BC1701')
    .map(({ code, line, column }) => `${code} ${line}:${column}`)

/** The `^` stands where the diagnostic points. */
// biome-ignore format: a table reads best as a table
const wrong: [string, string, string, RegExp][] = [
  ['an unknown verb',       '^{ ingore: /a, why: x }',                 'BC1112', /did you mean "ignore"/],
  ['an unknown option',     '{ number: /a, ^scael: 2, why: x }',       'BC1112', /did you mean "scale"/],
  ['a bad option',          '{ number: /a, scale: ^1.5, why: x }',     'BC1112', /whole number/],
  ['a bad path',            '{ ignore: ^a.b, why: x }',                'BC1112', /is no path/],
  ['two verbs',             '{ ignore: /a, ^case: /a, why: x }',       'BC1112', /one rule, one verb/],
  ['an unknown scope',      '{ ignore: /a, why: x, when: { ^rout: a } }', 'BC1112', /did you mean "route"/],
  ['a day that is none',    '{ ignore: /a, why: x, expires: ^2026-02-30 }', 'BC1112', /day/],
  ['no reason',             '^{ ignore: /a }',                         'BC1110', /reason/],
  ['a missing option',      '^{ shape: /a, why: x }',                  'BC1110', /uuid/],
  ['a number',              '^7',                                      'BC1102', /expected text/],
  ['a misspelt ruleset',    '^phhp',                                   'BC1203', /ruleset/],
  ['a last day that is over', '{ ignore: /a, why: x, expires: ^2025-12-31 }', 'BC1702', /last day/],
  ['the whole body',        '{ ignore: ^/**, why: x }',                'BC1702', /whole body/],
  ['every header',          '{ ignore: "^header:*", why: x }',         'BC1702', /every header/],
  ['an element by number',  '{ ignore: ^/items/0/at, why: x }',        'BC1702', /by its number/],
]

const written: [string, (rule: string) => string][] = [
  [
    'a ruleset',
    (rule) => `routes: { a: { match: /*, legacy: php } }\nrulesets: { own: [php, ${rule}] }\n`,
  ],
  ['a route', (rule) => `routes: { a: { match: /*, legacy: php, compare: [php, ${rule}] } }\n`],
  [
    'the defaults',
    (rule) => `defaults: { compare: [php, ${rule}] }\nroutes: { a: { match: /*, legacy: php } }\n`,
  ],
]

describe('rules in a config', () => {
  for (const [what, rule, code, message] of wrong)
    for (const [where, text] of written)
      it(`tells of ${what} in ${where} where it is written`, () => {
        const marked = text(rule).split('^')
        const before = (head + (marked[0] ?? '')).split('\n')
        const quote = rule.includes('"^') ? -1 : 0
        const at = `${before.length}:${(before.at(-1)?.length ?? 0) + 1 + quote}`
        const plain = marked.join('')
        assert.deepEqual(found(plain, '2026-06-01'), [`${code} ${at}`])
        const said = parsed(plain, '2026-06-01').diagnostics.find((one) => one.code === code)
        assert.match(`${said?.message} ${said?.hint}`, message)
      })

  const valid = [
    '{ order: /articles/*/tags, is: ignored, why: no ORDER BY }',
    '{ time: "/**/createdAt", precision: ms, zone: "+02:00", tolerance: 2s, why: no zone }',
    '{ expect: /title, legacy: teh, modern: the, why: SHOP-17, owner: ann, expires: 2026-12-31 }',
    '{ ignore: header:etag, allow: [missing], why: made of time, when: { route: [a], status: 4xx, type: text/html } }',
    '{ key: /items, by: [id, lang], why: x }',
    '{ identity: /**/id, why: x }',
  ]
  it('takes the whole language', () => {
    const text = `rulesets: { own: [${valid.join(', ')}] }\nroutes: { a: { match: /*, legacy: php, compare: own } }\n`
    assert.deepEqual(found(text, '2026-06-01'), [])
  })

  it('refuses a ruleset that uses itself, however far round, and one that hides a built-in one', () => {
    const route = 'routes: { a: { match: /*, legacy: php } }\n'
    const { diagnostics } = parsed(`rulesets: { one: [two], two: [one] }\n${route}`)
    assert.match(diagnostics[0]?.message ?? '', /one → two → one/)
    assert.deepEqual(found(`rulesets: { php: [ruby] }\n${route}`), ['BC1109 2:13'])
  })
})

const config = (text: string): Config => {
  const { config: made, diagnostics } = parsed(text)
  assert.ok(made, JSON.stringify(diagnostics))
  return made
}

const idsOf = (text: string): string[] => {
  const made = config(text)
  return rulesOf(made, made.routes[0]!).map(({ id }) => id)
}

describe('rulesOf', () => {
  const rulesets = `rulesets:
  base: [{ ignore: /a, why: x }]
  own: [mysql, base, { ignore: /b, why: x }]
`
  it('puts the rules of a ruleset where it is named, once, and numbers them as they are written', () => {
    const route =
      'routes: { a: { match: /*, legacy: php, compare: [base, own, { ignore: /c, why: x }] } }'
    assert.deepEqual(idsOf(rulesets + route), [
      'base#1',
      'mysql#1',
      'mysql#2',
      'mysql#3',
      'mysql#4',
      'own#3',
      'a#3',
    ])
  })

  it('reads a single name and the defaults', () => {
    const route = 'defaults: { compare: base }\nroutes: { a: { match: /*, legacy: php } }'
    assert.deepEqual(idsOf(rulesets + route), ['base#1'])
    assert.deepEqual(idsOf('routes: { a: { match: /*, legacy: php } }'), [])
  })

  it('survives the way between threads', () => {
    const made = config(`${rulesets}routes: { a: { match: /*, legacy: php, compare: own } }`)
    const sent = JSON.parse(JSON.stringify(made)) as Config
    assert.deepEqual(rulesOf(sent, sent.routes[0]!), rulesOf(made, made.routes[0]!))
  })

  it('changes the revision of a config, and a comment does not', () => {
    const text = (why: string): string =>
      `routes: { a: { match: /*, legacy: php, compare: [{ ignore: /a, why: ${why} }] } }\n`
    assert.notEqual(config(text('x')).revision, config(text('y')).revision)
    assert.equal(config(text('x')).revision, config(`${text('x')}# more\n`).revision)
  })
})
