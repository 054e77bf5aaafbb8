import assert from 'node:assert/strict'
import { learnNoise } from './learn-noise.ts'
import { createNoiseLedger } from './noise-ledger.ts'
import { parseRules } from './rules.ts'
import { suggestedWriteRules } from './suggest-write-rules.ts'

const base = { outcome: 'mismatch', reason: null, excused: [], noise: [], omitted: 0 } as const

/** What is suggested once a place has shown these pairs. */
const seen = (
  pairs: readonly (readonly [string | null, string | null])[],
  kind: 'value' | 'extra' = 'value',
) => {
  const ledger = createNoiseLedger()
  const pattern = 'writes:users/insert/token'
  const text = (value: string | null) => JSON.stringify(value)
  for (const [legacy, modern] of pairs) {
    const sides = { legacy: text(legacy), modern: text(modern) }
    const difference = { path: pattern, pattern, kind, severity: 'major', ...sides } as const
    ledger.learn(learnNoise({ ...base, severity: 'major', differences: [difference] }))
  }
  return suggestedWriteRules(ledger.counts(), ledger.repeats())[0]
}

const hex = (n: number) => `${n}`.repeat(8).padStart(32, 'a')
const salted = (n: number) => `$2b$10$${`${n}`.repeat(22)}abcdefghijklmnopqrstuvwxyz01234`

describe('suggested rules about writes', () => {
  it('overlook what is drawn or salted anew each time', () => {
    for (const make of [hex, salted]) {
      const found = seen([1, 2, 3].map((n) => [make(n), make(n + 4)] as const))
      assert.equal(found?.rule?.ignore, 'writes:users/insert/token')
      assert.deepEqual(parseRules([found?.rule], '').problems, [])
      assert.match(found?.why ?? '', /in 3 of the 3 requests .*, always as (?:hex|crypt)$/)
    }
  })

  const refused: readonly [string, Parameters<typeof seen>][] = [
    [
      'two times only',
      [
        [
          [hex(1), hex(2)],
          [hex(3), hex(4)],
        ],
      ],
    ],
    [
      'amounts',
      [
        [
          ['1.00', '2.00'],
          ['3.00', '4.00'],
          ['5.00', '6.00'],
        ],
      ],
    ],
    [
      'words',
      [
        [
          ['Ann', 'Ann '],
          ['Bob', 'bob'],
          ['Cid', 'C'],
        ],
      ],
    ],
    [
      'times',
      [[1, 2, 3].map((n) => [`2020-01-0${n} 00:00:00`, `2020-02-0${n} 00:00:00`] as const)],
    ],
    ['nothing for something', [[1, 2, 3].map((n) => [hex(n), null] as const)]],
    ['few values that come again', [Array.from({ length: 25 }, () => [hex(1), hex(2)] as const)]],
    ['rows', [[1, 2, 3].map(() => [null, 'insert'] as const), 'extra']],
  ]
  for (const [what, given] of refused)
    it(`do not overlook ${what}, and say why`, () => {
      const found = seen(...given)
      assert.equal(found?.rule, null)
      assert.match(found?.why ?? '', /too few|drawn or wrong|only one of them writes/)
    })
})
