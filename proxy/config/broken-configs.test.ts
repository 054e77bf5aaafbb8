import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { type ParseOptions, parseConfig } from './parse.ts'

const php = 'upstreams: { php: { url: http://127.0.0.1:1, adapter: php } }\n'
const modern = 'handlers: { module: app.js }\n'
const rest = 'routes: { rest: { match: /*, legacy: php } }\n'
const both = 'match: GET /a, legacy: php, modern: handlers'
const world: Partial<ParseOptions> = { directory: '/etc/banyan', adapters: ['php', 'ruby'] }

/** Keys without effect are held in design-example.test.ts. */
const withoutEffect = 'BC1701'

/** In the order of the text: `^` stands before each place that a diagnostic must name. */
const markedPlaces = (marked: string): readonly string[] =>
  marked
    .split('\n')
    .flatMap((line, i) =>
      [...line.matchAll(/\^/g)].map(({ index }, before) => `${i + 1}:${index - before + 1}`),
    )

const codesOf = (marked: string): readonly string[] => {
  const source = { file: 'banyan.yaml', text: marked.replaceAll('^', '') }
  const { config, diagnostics } = parseConfig([source], world)
  assert.equal(
    config === null,
    diagnostics.some(({ severity }) => severity === 'error'),
  )
  return diagnostics
    .filter(({ code }) => code !== withoutEffect)
    .map(({ line, column, code }) => `${line}:${column} ${code}`)
}

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [title: string, marked: string, ...codes: string[]])[] = [
  ['a list in place of a map',          '^- a\n',                                                             'BC1102'],
  ['no routes at all',                  `^${php}`,                                                            'BC1301'],
  ['routes without any',                `${php}^routes:\n`,                                                   'BC1301'],
  ['a bracket that is not closed',      `${php}routes: { a: /a\n^`,                                           'BC1003'],
  ['a tab as indentation',              `${php}routes:\n^\ta: 1\n`,                                           'BC1003'],
  ['two documents',                     `${php}${rest}^---\na: 1\n`,                                          'BC1003'],
  ['a route written twice',             `${php}routes:\n  a: { match: /a, legacy: php }\n  ^a: { match: /c, legacy: php }\n`, 'BC1004'],
  ['a variable that is not set',        `upstreams: { php: { url: "http://^\${NO_HOST}:1" } }\n${rest}`,       'BC1005'],
  ['half a reference to a variable',    `upstreams: { php: { url: "http://^\${HOST" } }\n${rest}`,             'BC1108'],
  ['an unknown key of the file',        `${php}${rest}^upstream: {}\n`,                                       'BC1101'],
  ['an unknown key of a route',         `${php}routes:\n  a: { match: /a, legacy: php, ^efects: read }\n`,    'BC1101'],
  ['an unknown key below a key',        `${php}routes:\n  a:\n    match: /a\n    legacy: php\n    breaker:\n      ^windw: 1s\n`, 'BC1101'],
  ['text in place of a map',            `${php}routes: { a: ^/a }\n`,                                         'BC1102'],
  ['a map in place of a list',          `${php}routes: { a: { match: /a, legacy: php, tags: ^{ a: 1 } } }\n`, 'BC1102'],
  ['a number in place of text',         `${php}routes: { a: { match: /a, legacy: php, tags: [x, ^1] } }\n`,   'BC1102'],
  ['a stage that is none',              `${php}routes: { a: { match: /a, legacy: php, stage: ^shadoww } }\n`, 'BC1103'],
  ['a duration without a unit',         `${php}${rest}handlers: { timeout: ^10 }\n`,                          'BC1104'],
  ['a duration that no timer can wait', `${php}${rest}handlers: { timeout: ^25d }\n`,                         'BC1104'],
  ['a size with a decimal unit',        `${php}${rest}shadow: { memory: ^64MB }\n`,                           'BC1105'],
  ['egress to everywhere',              `${php}${rest}shadow: { egress: [a.b:1, ^"*"] }\n`,                   'BC1108'],
  ['a share above all',                 `${php}${rest}log: { access: ^120% }\n`,                              'BC1106'],
  ['a share as a number',               `${php}${rest}log: { access: ^0.5 }\n`,                               'BC1106'],
  ['a share with three decimals',       `${php}${rest}log: { access: ^0.125% }\n`,                            'BC1106'],
  ['a port beyond the last',            `${php}${rest}listen: { port: ^70000 }\n`,                            'BC1107'],
  ['a network with too long a prefix',  `${php}${rest}listen: { trustedProxies: [10.0.0.0/8, ^10.0.0.0/33] }\n`, 'BC1108'],
  ['an address with a path',            `upstreams: { php: { url: ^http://a/b } }\n${rest}`,                   'BC1108'],
  ['an address with a password',        `upstreams: { php: { url: ^"http://u:p@a" } }\n${rest}`,               'BC1108'],
  ['an upstream that speaks FastCGI',   `upstreams: { php: { url: ^fastcgi://a:9000 } }\n${rest}`,              'BC1108'],
  ['a caller key from nowhere',         `${php}routes: { a: { match: /a, legacy: php, caller: [^ip] } }\n`,   'BC1108'],
  ['a route id with a slash',           `${php}routes: { ^a/b: { match: /a, legacy: php } }\n`,               'BC1109'],
  ['a route id that objects keep',      `${php}routes: { a: { match: /b, legacy: php }, ^__proto__: { match: /a, legacy: php } }\n`, 'BC1109'],
  ['an upstream called handlers',       `upstreams: { php: { url: http://a }, ^handlers: { url: http://a } }\n${rest}`, 'BC1109'],
  ['an upstream without address',       `upstreams:\n  ^php: { adapter: php }\n${rest}`,                       'BC1110'],
  ['a route without match',             `${php}routes:\n  ^a: { legacy: php }\n`,                             'BC1110'],
  ['a long match without path',         `${php}routes: { a: { legacy: php, match: ^{ host: a } } }\n`,        'BC1110'],
  ['a rule without a reason',           `${php}${rest}rulesets: { json: [^{ ignore: /a }] }\n`,               'BC1110'],
  ['TLS without a key',                 `${php}${rest}listen:\n  ^tls: { cert: a.pem }\n`,                    'BC1110'],
  ['a gate without a limit',            `${php}${rest}gates: { ^parity: { signal: shadow.mismatch } }\n`,     'BC1110'],
  ['a method in lower case',            `${php}routes: { a: { match: ^get /a, legacy: php } }\n`,             'BC1111'],
  ['a star in the middle',              `${php}routes: { a: { match: ^/a/*/b, legacy: php } }\n`,             'BC1111'],
  ['an upstream that is not there',     `${php}routes: { a: { match: /a, legacy: ^phpp } }\n`,                'BC1201'],
  ['an adapter that is not there',      `upstreams: { php: { url: http://a, adapter: ^perl } }\n${rest}`,     'BC1202'],
  ['a ruleset that is not there',       `${php}${rest}defaults: { compare: ^jsn }\n`,                         'BC1203'],
  ['a gate that is not there',          `${php}${rest}rollouts: { own: { steps: [{ stage: shadow, gates: [^parityy] }] } }\n`, 'BC1204'],
  ['a rollout that is not there',       `${php}${modern}routes: { a: { ${both}, effects: read, rollout: ^carefull } }\n`, 'BC1205'],
  ['handlers without a module',         `${php}routes: { a: { match: GET /a, legacy: php, modern: ^handlers } }\n`, 'BC1207'],
  ['two routes that tie',               `${php}routes:\n  a: { match: GET /a/:x, legacy: php }\n  b: { match: ^GET /a/:y, legacy: php }\n`, 'BC1303'],
  ['a route that others cover',         `${php}routes:\n  a: { match: GET /a, legacy: php }\n  b: { match: POST /a, legacy: php }\n  c: { match: ^GET|POST /a, legacy: php }\n`, 'BC1304'],
  ['an example of another route',       `${php}routes:\n  a: { match: GET /a/b, legacy: php }\n  b: { match: GET /a/:x, legacy: php, examples: [GET /a/c, ^GET /a/b] }\n`, 'BC1305'],
  ['stage and rollout',                 `${php}${modern}routes: { a: { ${both}, effects: read, stage: legacy, rollout: ^careful } }\n`, 'BC1401'],
  ['a canary without weight',           `${php}${modern}routes: { a: { ${both}, effects: read, stage: ^canary } }\n`, 'BC1402'],
  ['a modern stage without modern',     `${php}routes: { a: { match: GET /a, legacy: php, effects: read, stage: ^modern } }\n`, 'BC1403'],
  ['a route without legacy',            `${php}routes: { ^a: { match: GET /a } }\n`,                          'BC1404'],
  ['a shadow without effects',          `${php}${modern}routes: { a: { ${both}, stage: ^shadow } }\n`,        'BC1405'],
  ['read inherited by a POST',          `${php}defaults: { effects: read, legacy: php }\nroutes: { ^a: { match: POST /a } }\n`, 'BC1501'],
  ['a write that repeats on timeout',   `${php}routes: { a: { match: POST /a, legacy: php, effects: write, fallbackOn: [notSent, ^timeout] } }\n`, 'BC1502'],
  ['a breaker back too soon',           `${php}${modern}routes: { a: { ${both}, breaker: { resetAfter: ^10s } } }\n`, 'BC1503'],
  ['an upstream slower than its breaker', `upstreams: { php: { url: http://a, timeouts: { total: ^65s } } }\n${rest}`, 'BC1503'],
  ['writes captured in an upstream',    `upstreams: { php: { url: http://a }, ts: { url: http://b } }\nroutes: { a: { match: POST /a, legacy: php, modern: ts, writes: ^capture } }\n`, 'BC1504'],
  ['a session cookie as caller key',    `${php}${rest}defaults: { caller: ["header:x", ^"cookie:PHPSESSID"] }\n`, 'BC1505'],
  ['an admin listener for everybody',   `${php}${rest}admin: { host: ^0.0.0.0 }\n`,                           'BC1601'],
  ['two listeners on a port',           `${php}${rest}listen: { port: ^9901 }\n`,                             'BC1602'],
  ['several problems at once',          `${php}routes:\n  a: { match: GET /a, legacy: ^phpp, stage: ^shadoww, weight: ^5 }\n  ^b: { match: /b, ^legcy: php }\n`, 'BC1201', 'BC1103', 'BC1106', 'BC1404', 'BC1101'],
]

describe('a broken config', () => {
  for (const [title, marked, ...codes] of cases)
    it(`names the line and column of ${title}`, () => {
      const expected = markedPlaces(marked).map((place, i) => `${place} ${codes[i]}`)
      assert.deepEqual(codesOf(marked), expected)
    })

  for (const [title, text] of [
    ['nothing', ''],
    ['comments only', '# later\n'],
  ] as const)
    it(`is refused as a whole when it holds ${title}`, () => {
      assert.deepEqual(codesOf(text), ['0:0 BC1002'])
    })

  it('warns of canaries that write under one path and share no cohort', () => {
    const canary = 'legacy: php, modern: handlers, effects: write, stage: canary, weight: 1%'
    const text = `${php}${modern}routes:\n  cart.put: { match: PUT /cart, ${canary} }\n  cart.pay: { match: POST /cart/pay, ${canary} }\n`
    assert.deepEqual(codesOf(text), ['4:3 BC1506', '5:3 BC1506'])
    assert.deepEqual(codesOf(text.replaceAll('1%', '1%, cohort: cart')), [])
  })

  describe('that shadows in vain', () => {
    const route = `${both}, stage: shadow`
    const textOf = (shadow: string, more: string): string =>
      `${php}${modern}shadow: ${shadow}\nroutes:\n  a: { ${route}, ${more} }\n  b: { ${route.replace('/a', '/b')}, ${more} }\n`

    it('is warned of once: there is no lane', () => {
      assert.deepEqual(codesOf(textOf('{ lanes: 0 }', 'effects: read')), ['5:61 BC1507'])
      assert.deepEqual(codesOf(textOf('{ lanes: 1 }', 'effects: read')), [])
      assert.deepEqual(codesOf(textOf('{ lanes: 0 }', 'effects: read, sample: 0%')), [])
    })

    const ofHandlers = 'module: app.js, database: { url: "mysql://u@h/d" }'
    const withDatabase = (shadow: string, more: string): string =>
      textOf(shadow, more).replace('module: app.js', ofHandlers)

    it('is warned of once: it writes, and nothing says how', () => {
      assert.deepEqual(codesOf(textOf('{}', 'effects: write')), ['5:61 BC1507'])
      assert.deepEqual(codesOf(textOf('{}', 'effects: write, sample: 0%')), [])
      assert.deepEqual(codesOf(textOf('{}', 'effects: write').replaceAll('shadow,', 'modern,')), [])
    })

    // biome-ignore format: a table reads best as a table
    const nowhere: readonly (readonly [title: string, handlers: string, shadow: string, writes: string])[] = [
      ['no database is known',               'module: app.js',                                               '{}', 'capture'],
      ['nobody can read its database',       'module: app.js, database: { url: "postgres://u@h/d" }',        '{}', 'capture'],
      ['a cage is in no database',           'module: app.js',                                               '{}', 'cage'],
      ['SQLite has no cage',                 'module: app.js, database: { url: "sqlite:a.db" }',             '{}', 'cage'],
      ['a cage has no twin',                 ofHandlers,                                                     '{}', 'cage'],
      ['a cage has a copy that is no twin',  ofHandlers, '{ database: { url: "mysql://u@twin/d" } }',              'cage'],
    ]
    for (const [title, handlers, shadow, writes] of nowhere)
      it(`is an error: ${title}`, () => {
        const codes = (more: string): readonly string[] =>
          codesOf(textOf(shadow, more).replace('module: app.js', handlers))
        assert.deepEqual(codes(`effects: write, writes: ${writes}`), ['5:93 BC1509'])
        assert.deepEqual(codes(`effects: read, writes: ${writes}`), [])
        assert.deepEqual(codes(`effects: write, writes: ${writes}, sample: 0%`), [])
        const later = textOf(shadow, `effects: write, writes: ${writes}`).replaceAll(
          'stage: shadow',
          'stage: modern',
        )
        assert.deepEqual(
          codesOf(later.replace('module: app.js', handlers)),
          [],
          'nothing writes there',
        )
      })

    it('is an error: the twin is the database of the handlers', () => {
      const cage = 'effects: write, writes: cage'
      const codes = (database: string): readonly string[] =>
        codesOf(withDatabase(`{ database: { ${database} } }`, cage))
      assert.deepEqual(codes('twin: true'), ['3:29 BC1510'])
      assert.deepEqual(codes('twin: true, url: "mysql://v:x@h:3306/d"'), ['3:29 BC1510'])
      assert.deepEqual(codes('twin: true, url: "mysql://u@h/twin"'), [])
      assert.deepEqual(codes('twin: true, url: "mysql://u@h:3307/d"'), [])
    })

    it('is an error, whatever the names of the machine: the twin is the database of the handlers', () => {
      const text = withDatabase(
        '{ database: { twin: true, url: "mysql://u@127.0.0.1/d" } }',
        'effects: write, writes: cage',
      )
      assert.deepEqual(codesOf(text), [])
      assert.deepEqual(codesOf(text.replace('u@h/d', 'u@LocalHost/d')), ['3:29 BC1510'])
    })

    it('is warned of once: it reads a twin, and nobody knows which database legacy writes to', () => {
      const twin = '{ database: { url: "mysql://u@twin/d", twin: true } }'
      for (const more of ['effects: read', 'effects: write, writes: capture'])
        assert.deepEqual(codesOf(textOf(twin, more)), ['5:44 BC1507'])
      assert.deepEqual(codesOf(textOf(twin, 'effects: write, writes: cage')), [])
      assert.deepEqual(codesOf(withDatabase(twin, 'effects: read')), [])
      const later = textOf(twin, 'effects: read').replaceAll('shadow,', 'modern,')
      assert.deepEqual(codesOf(later), [])
    })

    it('is warned of once: no snapshot stands in time', () => {
      const textOf = withDatabase
      const capture = 'effects: write, writes: capture'
      const off = 'database: { binlog: off, url: "mysql://u@twin/d", twin: true }'
      assert.deepEqual(codesOf(textOf(`{ ${off} }`, capture)), ['5:93 BC1507'])
      assert.deepEqual(codesOf(textOf('{}', capture)), [])
      const file = 'database: { url: "sqlite:a.db" }'
      assert.equal(codesOf(textOf(`{ ${file} }`, capture)).length, 1, 'it has no binary log')
      assert.deepEqual(codesOf(textOf(`{ ${file}, snapshotWait: 10ms }`, capture)), [])
      assert.deepEqual(codesOf(textOf(`{ snapshotWait: 5ms, ${off} }`, capture)), [])
      assert.deepEqual(codesOf(textOf(`{ ${off} }`, capture.replace('capture', 'cage'))), [])
    })

    it('is warned of once: threads copy a SQLite file that handlers may have open', () => {
      const capture = 'effects: write, writes: capture'
      const own = 'module: app.js, database: { url: "sqlite:a.db" }'
      const text = (shadow: string, handlers: string = own, more: string = capture): string =>
        textOf(`{ snapshotWait: 10ms, ${shadow} }`, more).replace('module: app.js', handlers)
      const thread = 'isolation: thread'
      const codes = (...given: Parameters<typeof text>): readonly string[] =>
        codesOf(text(...given)).map((each) => each.replace(/^.* /, ''))
      assert.deepEqual(codes(thread), ['BC1508'])
      assert.deepEqual(codes('isolation: process'), [])
      assert.deepEqual(codes('lanes: 2'), [])
      assert.deepEqual(codes(`${thread}, lanes: 0`), ['BC1507'])
      assert.deepEqual(codes(`${thread}, database: { url: "sqlite:b.db" }`), [])
      for (const same of ['./a.db', 'b/../a.db', resolve('a.db')])
        assert.deepEqual(codes(`${thread}, database: { url: "sqlite:${same}" }`), ['BC1508'])
      assert.deepEqual(codes(`${thread}, database: { url: "sqlite:a.db" }`, 'module: app.js'), [
        'BC1508',
      ])
      assert.deepEqual(codes(thread, own, 'effects: read'), [])
      assert.deepEqual(codes(thread, own.replace('sqlite:a.db', 'mysql://u@h/d')), [])
    })
  })
})
