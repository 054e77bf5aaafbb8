import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
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
  ['the word null for a word',         ['abc', 'def'],               'null', false],
  ['the word undefined for words',     ['two words', 'three more words'], 'undefined', false],
  ['an object’s text for words',       ['two words', 'three more words'], '[object Object]', false],
  ['the empty text for words',         ['two words', 'three more words'], '', false],
  ['the empty text where it comes',    ['two words', ''],            '', true],
  ['the word null where it comes',     ['two words', 'null'],        'null', true],
  ['a token of another length',        ['Zr8wQn1kJvY2xTb7', 'b7Tx2YvJk1nQw8rZ'], 'Zr8wQn1k', true],
  ['a negative number',                [1, 2],                       -1, true],
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

/** What places hold whose values are always new, each of the same make. */
// biome-ignore format: a table reads best as a table
const makes = {
  counts:  (at: number) => 1_000 + at * 7,
  prices:  (at: number) => (9.5 + at / 100).toFixed(2),
  rounded: (at: number) => Math.round((0.5 + at * 0.37) * 100) / 100,
  doubles: (at: number) => Math.sqrt(at + 2) / 7,
  tokens:  (at: number) => createHash('md5').update(`${at}`).digest('base64url').slice(0, 20).replace(/[-_]/g, 'x'),
  base64:  (at: number) => createHash('md5').update(`${at}`).digest('base64'),
  words:   (at: number) => 'word'.repeat((at % 5) + 1) + String.fromCharCode(97 + (at % 26)),
  sums:    (at: number) => (at - 50) * 3,
  long:    (at: number) => `${'x'.repeat(60 + (at % 9))}${at}`,
}

// biome-ignore format: a table reads best as a table
const bounded: [string, keyof typeof makes, unknown, boolean][] = [
  ['another count',                       'counts',  8_000, true],
  ['a count below zero',                  'counts',  -1, false],
  ['zero for a count',                    'counts',  0, true],
  ['a count in another unit',             'counts',  2_500_000, false],
  ['a count with a fraction',             'counts',  1_007.5, false],
  ['a sum below zero where sums are',     'sums',    -99, true],
  ['another price',                       'prices',  '10.25', true],
  ['a price without its scale',           'prices',  '10.5', false],
  ['a price without a fraction',          'prices',  '10', false],
  ['a word for a price',                  'prices',  'free', false],
  ['a number of fewer digits',            'rounded', 4.5, true],
  ['a number that nobody rounded',        'rounded', 4.499999999999999, false],
  ['another double',                      'doubles', 0.1234567890123456, true],
  ['a double of no fraction',             'doubles', 1, true],
  ['a number of doubles below zero',      'doubles', -0.5, true],
  ['another token',                       'tokens',  'Zr8wQn1kJvY2xTb7Lm4p', true],
  ['a shorter token',                     'tokens',  'Zr8wQn1k', false],
  ['a token of another alphabet',         'tokens',  'Zr8wQn1k-vY2xTb7Lm_p', false],
  ['other bytes in base64',               'base64',  '/jizpNi0jPiC7jQ4EXl/w3==', true],
  ['more bytes in base64',                'base64',  'AAECAwQFBgcICQoLDA0ODxAREhM=', false],
  ['bytes in hex',                        'base64',  'd41d8cd98f00b204e9800998ecf8427e', false],
  ['a longer word',                       'words',   'much-longer-than-any-word-that-was-seen-before', true],
  ['a longer text than is kept',          'long',    'y'.repeat(20), true],
]

describe('a ledger that has seen many values', () => {
  const pairs = (make: (at: number) => unknown, count: number): [unknown, unknown][] =>
    Array.from({ length: count }, (_, at) => [make(at * 2), make(at * 2 + 1)])
  const all = (make: (at: number) => unknown, count: number): NoiseLedger =>
    learned(...pairs(make, count).map(([a, b]) => [{ a }, { a: b }] as const))

  for (const [what, name, value, expected] of bounded)
    it(`${expected ? 'overlooks' : 'does not overlook'} ${what}`, () => {
      assert.equal(passes(all(makes[name], 50), makes[name](3), value), expected)
    })

  it('holds nobody to what a few values have in common', () => {
    for (const [, name, value] of bounded.filter(([, , , expected]) => !expected)) {
      const ledger = all(makes[name], 10)
      assert.equal(ledger.places()[0]?.bounds, undefined)
      if (name === 'counts') assert.equal(passes(ledger, makes[name](3), value), true)
    }
  })

  it('holds nobody to what legacy itself no longer keeps', () => {
    const ledger = all(makes.counts, 50)
    assert.equal(passes(ledger, -5, -6), true)
    assert.equal(passes(ledger, 1_000_000, 2_500_000), true)
  })

  it('stores no bounds, which are made of values', () => {
    assert.ok(
      all(makes.counts, 50)
        .counts()
        .every((count) => !('bounds' in count)),
    )
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
