import assert from 'node:assert/strict'
import { compare } from './compare.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

const headers = ['Content-Type', 'application/json']

const found = (legacy: unknown, modern: unknown, rules: readonly object[] = []): string[] =>
  compare(
    observed('legacy', { headers, body: JSON.stringify(legacy) }),
    observed('modern', { headers, body: JSON.stringify(modern) }),
    parseRules(
      rules.map((rule) => ({ why: 'a test', ...rule })),
      'test',
    ).rules,
  ).differences.map(({ kind, path }) => `${kind} ${path}`)

const rows = (count: number, make: (at: number) => object): object[] =>
  Array.from({ length: count }, (_, at) => make(at))

const byK = [{ key: '', by: 'k' }]

/** Two lists, rules, and every difference between them. */
// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, unknown, unknown, readonly object[], readonly string[]])[] = [
  ['equal lists: nothing',                     [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 1 }].reverse(), [], []],
  ['a key that a rule names, before any other', [{ id: 1, k: 'a', v: 1 }, { id: 2, k: 'b', v: 1 }], [{ id: 2, k: 'a', v: 1 }, { id: 1, k: 'b', v: 1 }], byK, ['value /[k=a]/id', 'value /[k=b]/id']],
  ['a key of two members',                     [{ a: 1, b: 1, v: 1 }, { a: 1, b: 2, v: 1 }], [{ a: 1, b: 2, v: 1 }, { a: 1, b: 1, v: 2 }], [{ key: '', by: ['a', 'b'] }], ['value /0/v', 'order ']],
  ['equal elements first where a key repeats',  [{ k: 1, v: 'a' }, { k: 1, v: 'b' }], [{ k: 1, v: 'b' }, { k: 1, v: 'a' }], byK, ['order ']],
  ['which of the elements of one key is gone',  [{ k: 1, v: 'a' }, { k: 1, v: 'b' }, { k: 2 }], [{ k: 1, v: 'b' }, { k: 2 }], byK, ['missing /[k=1]']],
  ['the surest of several keys',               [{ name: 'a', id: 1, v: 1 }, { name: 'b', id: 2, v: 1 }], [{ name: 'b', id: 1, v: 1 }, { name: 'a', id: 2, v: 1 }], [], ['value /[id=1]/name', 'value /[id=2]/name']],
  ['a slug where there is no id',              [{ slug: 'a', v: 1 }, { slug: 'b', v: 1 }], [{ slug: 'b', v: 1 }, { slug: 'a', v: 2 }], [], ['value /[slug=a]/v', 'order ']],
  ['no key that repeats',                      [{ user_id: 1, v: 1 }, { user_id: 1, v: 2 }], [{ user_id: 1, v: 2 }, { user_id: 1, v: 3 }], [], ['value /0/v', 'order ']],
  ['no key of which the sides share less than half', [{ id: 1, n: 'a' }, { id: 2, n: 'b' }, { id: 3, n: 'c' }], [{ id: 7, n: 'a' }, { id: 8, n: 'b' }, { id: 9, n: 'c' }], [], ['value /[n=a]/id', 'value /[n=b]/id', 'value /[n=c]/id']],
  ['a key that one row in a hundred lacks',    [...rows(100, (id) => ({ id, v: 1 })), { v: 'x' }], [...rows(100, (id) => ({ id, v: id === 7 ? 2 : 1 })), { v: 'x' }], [], ['value /[id=7]/v']],
  ['ids that are numbers here and text there', [{ id: 1 }, { id: 2 }], [{ id: '2' }, { id: '1' }], [], ['type /[id=1]/id', 'type /[id=2]/id', 'order ']],
  ['an id that lost its digits',               [{ id: 1 }, { id: 2, big: 1 }], [{ id: 1 }, { id: 2, big: 2 }], [], ['value /[id=2]/big']],
  ['added, removed, moved and changed rows',   [{ id: 1, v: 1 }, { id: 2, v: 1 }, { id: 3, v: 1 }], [{ id: 3, v: 1 }, { id: 1, v: 2 }, { id: 4, v: 1 }], [], ['value /[id=1]/v', 'order ', 'missing /[id=2]', 'extra /[id=4]']],
  ['scalars as a multiset',                    [1, 1, 2, 3], [3, 1, 2, 2], [], ['value /1', 'order ']],
  ['scalars in another order',                 ['a', 'b', 'c'], ['b', 'c', 'a'], [], ['order ']],
  ['lists of lists',                           [[1, 2], [3, 4]], [[3, 4], [1, 2]], [], ['order ']],
  ['rows without a key by what they share',    [{ a: [1], b: [1], c: [1] }, { a: [2], b: [2], c: [2] }], [{ a: [2], b: [2], c: [9] }, { a: [1], b: [1], c: [1] }], [], ['value /1/c/0', 'order ']],
  ['a row without a key, inserted',            [{ a: [1] }, { a: [2] }, { a: [3] }], [{ a: [0] }, { a: [1] }, { a: [2] }, { a: [3] }], [], ['extra /0']],
  ['an empty list',                            [{ id: 1 }, { id: 2 }], [], [], ['missing /0', 'missing /1']],
  ['types that differ within a list',          [1, 'a', null], [1, 'a', false], [], ['type /2']],
]

describe('laying lists side by side', () => {
  for (const [title, legacy, modern, rules, expected] of cases)
    it(`finds ${title}`, () => {
      assert.deepEqual(found(legacy, modern, rules), expected)
    })

  it('never takes what it cannot join for equal, however long', () => {
    const wide = (salt: number) => rows(80, (at) => ({ a: [at * salt], b: { c: at + salt } }))
    assert.deepEqual(found(wide(2), wide(3)), ['unaligned '])
  })

  it('keeps order a finding of its own, beside what else differs', () => {
    const [legacy, modern] = [
      [
        { id: 1, v: 1 },
        { id: 2, v: 1 },
      ],
      [
        { id: 2, v: 1 },
        { id: 1, v: 2 },
      ],
    ]
    assert.deepEqual(found(legacy, modern), ['value /[id=1]/v', 'order '])
    assert.deepEqual(found(legacy, modern, [{ order: '', is: 'ignored' }]), ['value /[id=1]/v'])
    assert.deepEqual(found(legacy, modern, [{ ignore: '/*/v' }]), ['order '])
  })

  it('lets a later rule say that order counts after all', () => {
    const rules = [
      { order: '/**', is: 'ignored' },
      { order: '/strict', is: 'strict' },
    ]
    assert.deepEqual(
      found({ strict: [1, 2], loose: [1, 2] }, { strict: [2, 1], loose: [2, 1] }, rules),
      ['order /strict'],
    )
  })
})
