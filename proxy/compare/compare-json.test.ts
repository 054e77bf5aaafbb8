import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

const headers = ['Content-Type', 'application/json']

/** What comes of two JSON bodies, under rules as they are written. */
const compared = (legacy: string, modern: string, rules: readonly unknown[] = []): Comparison => {
  const parsed = parseRules(
    rules.map((rule) => ({ why: 'a test', ...(rule as object) })),
    'test',
  )
  assert.deepEqual(parsed.problems, [])
  return compare(
    observed('legacy', { headers, body: legacy }),
    observed('modern', { headers, body: modern }),
    parsed.rules,
  )
}

const found = (comparison: Comparison): string[] =>
  comparison.differences.map(({ path, kind }) => `${kind} ${path}`)

/** Legacy, modern, and every difference between them. */
const cases: [string, string, string, string[]][] = [
  ['nothing', '{"a":1}', '{"a":1}', []],
  [
    'white space, escapes and the order of names',
    '{"a":"\\u00e9\\/","b":2}',
    '{ "b":2, "a":"é/" }',
    [],
  ],
  ['a value', '{"a":{"b":1}}', '{"a":{"b":2}}', ['value /a/b']],
  ['a type', '{"a":"1"}', '{"a":1}', ['type /a']],
  ['null where there was text', '{"a":"x"}', '{"a":null}', ['type /a']],
  ['a member that is gone, and one that is new', '{"a":1}', '{"b":1}', ['missing /a', 'extra /b']],
  [
    'a BIGINT that went through a double',
    '[9007199254740993]',
    '[9007199254740992]',
    ['precision /0'],
  ],
  [
    'a BIGINT as text that went through a double',
    '{"n":"225179981675072935"}',
    '{"n":"225179981675072930"}',
    ['precision /n'],
  ],
  ['another id of many digits', '["225179981675072935"]', '["225179981675072936"]', ['value /0']],
  ['a number written otherwise', '{"p":1.0}', '{"p":1}', ['spelling /p']],
  ['names that need escapes', '{"a/b":{"~*":1}}', '{"a/b":{"~*":2}}', ['value /a~1b/~0~2']],
  ['a repeated name', '{"a":1,"a":2}', '{"a":2}', ['repeated ']],
  ['a value that a later one of its name hides', '{"p":1,"p":2}', '{"p":9,"p":2}', ['value /p']],
  [
    'members of a hidden value',
    '{"p":{"a":1},"p":2}',
    '{"p":{"b":3},"p":2}',
    ['missing /p/a', 'extra /p/b'],
  ],
  [
    'hidden values of several names, whatever their order',
    '{"p":1,"q":2,"p":3,"q":4}',
    '{"q":2,"p":1,"q":4,"p":3}',
    [],
  ],
  [
    'hidden values in elements of a list',
    '[{"id":1,"p":1,"p":2},{"id":2}]',
    '[{"id":1,"p":9,"p":2},{"id":2}]',
    ['value /[id=1]/p'],
  ],
  ['a name repeated more often', '{"p":1,"p":1,"p":1}', '{"p":1,"p":1}', ['repeated ']],
  ['an empty list for an empty map', '{"a":[]}', '{"a":{}}', ['type /a']],
  ['a list in another order', '["a","b","c"]', '["c","a","b"]', ['order ']],
  ['a value in a list of scalars', '[1,2,3]', '[1,5,3]', ['value /1']],
  ['one more among equal ones', '["x","x"]', '["x","x","x"]', ['extra /2']],
  ['one of equal ones gone at the start', '["a","b","a"]', '["b","a"]', ['missing /0']],
  ['types within a list', '[1,2]', '["1","2"]', ['type /0', 'type /1']],
  [
    'a row by its key',
    '[{"id":1,"p":1},{"id":2,"p":2}]',
    '[{"id":2,"p":2},{"id":1,"p":9}]',
    ['value /[id=1]/p', 'order '],
  ],
  [
    'a row inserted at the start',
    '[{"id":1,"p":1},{"id":2,"p":2}]',
    '[{"id":0,"p":0},{"id":1,"p":1},{"id":2,"p":2}]',
    ['extra /[id=0]'],
  ],
  [
    'keys of another type',
    '[{"id":"1"},{"id":"2"}]',
    '[{"id":1},{"id":2}]',
    ['type /[id=1]/id', 'type /[id=2]/id'],
  ],
  [
    'rows without a key',
    '[{"a":1,"b":1},{"a":1,"b":2}]',
    '[{"a":1,"b":2},{"a":1,"b":3}]',
    ['value /0/b', 'order '],
  ],
  ['a row that is gone', '[{"a":1,"b":2},{"a":1,"b":1}]', '[{"a":1,"b":1}]', ['missing /0']],
  ['one row of one', '[{"a":1}]', '[{"a":2}]', ['value /0/a']],
  [
    'names that are data',
    '{"17":{"n":1},"18":{"n":1}}',
    '{"17":{"n":2},"18":{"n":1}}',
    ['value /17/n'],
  ],
  ['the whole', '{"a":1}', '[1]', ['type ']],
]

describe('comparing JSON', () => {
  for (const [title, legacy, modern, expected] of cases) {
    it(`finds ${title}`, () => {
      assert.deepEqual(found(compared(legacy, modern)), expected)
      assert.equal(compared(legacy, modern).outcome === 'mismatch', expected.length > 0)
    })
  }

  it('shows both values, of their own side, whoever was the primary', () => {
    const legacy = observed('legacy', { headers, body: '{"price":10.5}' })
    const modern = observed('modern', { headers, body: '{"price":9}' })
    for (const comparison of [compare(legacy, modern), compare(modern, legacy)]) {
      const [difference] = comparison.differences
      assert.deepEqual([difference?.legacy, difference?.modern], ['10.5', '9'])
    }
  })

  it('counts by a pattern in which elements and names that are data are one', () => {
    const { differences } = compared(
      '{"u":{"17":[{"id":1,"p":1},{"id":2,"p":1}]}}',
      '{"u":{"17":[{"id":1,"p":2},{"id":2,"p":2}]}}',
    )
    assert.deepEqual(
      differences.map(({ pattern }) => pattern),
      ['/u/*/*/p', '/u/*/*/p'],
    )
  })

  it('tells one repeated name from another', () => {
    assert.deepEqual(found(compared('{"a":1,"a":1,"b":2}', '{"a":1,"b":2,"b":2}')), ['repeated '])
  })

  it('reads 100 000 repeated names, and 100 000 equal elements, at once', () => {
    const names = `{${'"a":1,'.repeat(100_000)}"a":1}`
    assert.deepEqual(found(compared(names, '{"a":1}')), ['repeated '])
    const ones = '1,'.repeat(100_000)
    assert.deepEqual(found(compared(`[2,${ones}3]`, `[3,${ones}2]`)), ['order '])
  })

  it('lists 500 differences and counts the rest', () => {
    const rows = (value: number): string =>
      JSON.stringify(Array.from({ length: 700 }, (_, id) => ({ id, value })))
    const { differences, omitted } = compared(rows(1), rows(2))
    assert.deepEqual([differences.length, omitted], [500, 200])
  })

  it('joins 5 000 shuffled rows by their key', () => {
    const rows = Array.from({ length: 5_000 }, (_, id) => ({ id, name: `name ${id}`, tags: [id] }))
    const shuffled = rows.map((_, at) => rows[(at * 1_237) % rows.length])
    assert.deepEqual(found(compared(JSON.stringify(rows), JSON.stringify(shuffled))), ['order '])
  })

  it('never calls lists equal that it cannot lay side by side', () => {
    const rows = (salt: number): string =>
      JSON.stringify(Array.from({ length: 200 }, (_, at) => ({ a: at * salt, b: [at + salt] })))
    const comparison = compared(rows(1), rows(7))
    assert.deepEqual([comparison.outcome, comparison.reason], ['inconclusive', 'unaligned'])
  })

  it('lays long lists without keys side by side where they look alike', () => {
    const points = (salt: number): string =>
      JSON.stringify(Array.from({ length: 200 }, (_, at) => [at, at % 50 === 0 ? salt : 0]))
    assert.deepEqual(found(compared(points(1), points(2))), [
      'value /0/1',
      'value /50/1',
      'value /100/1',
      'value /150/1',
    ])
  })
})

describe('identities', () => {
  const rule = [{ identity: '/**/id' }, { identity: '/**/uid' }]
  const legacy = '{"id":7,"self":"/u/7?page=1","items":[{"uid":7}],"note":"7 days"}'

  it('takes ids for the same where one renaming turns all of them into each other', () => {
    const modern = '{"id":9,"self":"/u/9?page=1","items":[{"uid":9}],"note":"7 days"}'
    const comparison = compared(legacy, modern, rule)
    assert.deepEqual(found(comparison), [])
    assert.equal(comparison.outcome, 'equivalent')
    assert.deepEqual(
      comparison.excused.map(({ path, rule: id }) => `${path} ${id}`),
      ['/id test#1', '/self test#1', '/items/0/uid test#2'],
    )
  })

  it('finds an id that stands for another one, in a member and in a URL', () => {
    const modern = '{"id":9,"self":"/u/7?page=1","items":[{"uid":8}],"note":"7 days"}'
    assert.deepEqual(found(compared(legacy, modern, rule)), [
      'identity /self',
      'identity /items/0/uid',
    ])
  })

  it('finds two ids that became one', () => {
    assert.deepEqual(
      found(compared('[{"id":1,"a":1},{"id":2,"a":2}]', '[{"id":5,"a":1},{"id":5,"a":2}]', rule)),
      ['identity /[a=2]/id'],
    )
  })
})
