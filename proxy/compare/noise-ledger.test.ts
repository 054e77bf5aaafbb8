import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { learnNoise } from './learn-noise.ts'
import { createNoiseLedger, type NoiseLedger } from './noise-ledger.ts'
import { observed } from './observed.ts'

const headers = ['Content-Type', 'application/json']

const legacies = (first: unknown, again: unknown): Comparison =>
  compare(
    observed('legacy', { headers, body: JSON.stringify(first) }),
    observed('legacy', { headers, body: JSON.stringify(again) }),
  )

const learned = (...pairs: readonly (readonly [unknown, unknown])[]): NoiseLedger => {
  const ledger = createNoiseLedger()
  for (const [first, again] of pairs) ledger.learn(learnNoise(legacies(first, again)))
  return ledger
}

/** Whether modern's value passes for noise there. */
const passes = (ledger: NoiseLedger, legacy: unknown, modern: unknown): boolean =>
  compare(
    observed('legacy', { headers, body: JSON.stringify({ a: legacy }) }),
    observed('modern', { headers, body: JSON.stringify({ a: modern }) }),
    [],
    { noise: ledger.places() },
  ).outcome === 'noise'

const twice = (...values: readonly [unknown, unknown][]): NoiseLedger =>
  learned(...[...values, ...values].map(([a, b]) => [{ a }, { a: b }] as const))

const uuid = (last: string): string => `0b5c3c1e-6a0e-4a52-9f0e-3f1d7a1b2c3${last}`
const time = (second: string): string => `2026-01-02T03:04:${second}.123Z`

// biome-ignore format: a table reads best as a table
const shapes: [string, [unknown, unknown], unknown, boolean][] = [
  ['another UUID of the version',      [uuid('1'), uuid('2')],       uuid('3'), true],
  ['a UUID of another version',        [uuid('1'), uuid('2')],       uuid('3').replace('-4a52', '-1a52'), false],
  ['a time nearby',                    [time('05'), time('06')],     time('07'), true],
  ['a time of another day',            [time('05'), time('06')],     time('07').replace('-02T', '-03T'), false],
  ['a time without its zone',          [time('05'), time('06')],     time('07').replace('Z', ''), false],
  ['a time in seconds',                [time('05'), time('06')],     1767323045, false],
  ['null for a time',                  [time('05'), time('06')],     null, false],
  ['another number',                   [1, 2],                       3.5, true],
  ['a number as text',                 [1, 2],                       '3', false],
  ['seconds for milliseconds',         [1767323045123, 1767323046123], 1767323047, false],
  ['another word',                     ['abc', 'def'],               'two words', true],
  ['the empty text for a word',        ['abc', 'def'],               '', false],
  ['a longer text than can be shown',  ['x'.repeat(400), 'y'.repeat(400)], 'z'.repeat(300), true],
]

describe('the ledger of a route’s noise', () => {
  for (const [what, pair, value, expected] of shapes)
    it(`${expected ? 'overlooks' : 'does not overlook'} ${what}`, () => {
      assert.equal(passes(twice(pair), pair[0], value), expected)
    })

  it('takes a single difference for a change of the data, not for noise', () => {
    const once = learned([{ a: 1 }, { a: 2 }])
    assert.equal(passes(once, 1, 3), false)
    assert.deepEqual(
      once.counts().map(({ seen }) => seen),
      [1],
    )
    assert.equal(passes(twice([1, 2]), 1, 3), true)
  })

  it('takes few values that come again and again for all there are', () => {
    const pairs = Array.from(
      { length: 20 },
      (_, i) => [{ a: i % 2 ? 'on' : 'off' }, { a: i % 2 ? 'off' : 'on' }] as const,
    )
    assert.equal(passes(learned(...pairs), 'on', 'off'), true)
    assert.equal(passes(learned(...pairs), 'on', 'maybe'), false)
    assert.equal(passes(learned(...pairs.slice(0, 10)), 'on', 'maybe'), true)
  })

  it('knows what comes and goes, and of what types it is', () => {
    const gone = learned([{ a: 1 }, {}], [{}, { a: 1 }])
    assert.deepEqual(new Set(gone.places().map(({ kind }) => kind)), new Set(['missing', 'extra']))
    const typed = twice([null, 'text'])
    assert.equal(passes(typed, null, 'other'), true)
    assert.equal(passes(typed, null, [1]), false)
  })

  it('holds 500 places and no more', () => {
    const some = (make: (i: number) => [string, unknown]): object =>
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => make(i)))
    const wide = (round: number): object =>
      some((i) => [`r${round}x${i}`, some((j) => [`m${j}`, round])])
    const narrow = (round: number): object => some((i) => [`r${round}x${i}`, {}])
    const ledger = createNoiseLedger()
    for (const round of [1, 2, 3]) ledger.learn(learnNoise(legacies(wide(round), narrow(round))))
    assert.equal(ledger.counts().length, 500)
    assert.equal(ledger.repeats(), 3)
  })
})

describe('a ledger of names that are data', () => {
  const rest = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, 1]))
  const repeatOf = (name: string): [unknown, unknown] => [rest, { ...rest, [name]: 2 }]

  it('knows the few that are noisy, and stores none of them', () => {
    const ledger = learned(repeatOf('k1'), repeatOf('k2'))
    assert.deepEqual(ledger.places()[0]?.names, ['/k1', '/k2'])
    assert.ok(ledger.counts().every((count) => !('names' in count)))
  })

  it('takes any for noisy once very many were', () => {
    const ledger = learned(...Array.from({ length: 30 }, (_, i) => repeatOf(`k${i}`)))
    assert.equal(ledger.places()[0]?.names, undefined)
  })
})
