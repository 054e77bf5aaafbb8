import assert from 'node:assert/strict'
import { createSeededRandom } from '../compare/seeded-random.ts'
import { compareArms, ratePrior, sideOf, trialsUntilBelow, upperBound } from './mixture.ts'
import { simulateGate } from './simulated-gate.ts'

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

describe('the test of a rate', () => {
  // biome-ignore format: a table reads best as a table
  const needed: [number, number, number, number, number][] = [
    // limit, at no bad ones, a tenth, a fifth and half of the limit
    [0.01,   524,    846,    1_092,   4_552],
    [0.001,  5_254,  8_472,  10_946,  44_116],
    [0.0001, 52_699, 84_885, 109_681, 427_255],
  ]
  for (const [limit, ...table] of needed)
    it(`needs ${table[0]} clean trials, or more of others, to be below ${limit * 100} %`, () => {
      const found = [0, 0.1, 0.2, 0.5].map((part) => {
        const count = 100
        return trialsUntilBelow({ bad: part * limit * count, count }, limit, 0.01) ?? 0
      })
      found.forEach((trials, i) => {
        const expected = table[i] ?? 0
        const off = i === 0 ? 0.01 : 0.1
        assert.ok(Math.abs(trials / expected - 1) < off, `${trials} for ${expected}`)
      })
    })

  it('turns over exactly where it says that it does', () => {
    const trials = trialsUntilBelow({ bad: 0, count: 0 }, 0.001, 0.01) ?? 0
    assert.equal(sideOf({ bad: 0, count: trials }, 0.001, 0.01), 'below')
    assert.equal(sideOf({ bad: 0, count: trials - 1 }, 0.001, 0.01), 'open')
    assert.ok(Math.abs(upperBound(0, trials, 0.01, ratePrior(0.001)) - 0.001) < 1e-6)
  })

  it('promises nothing where it goes as badly as the limit', () => {
    assert.equal(trialsUntilBelow({ bad: 10, count: 10_000 }, 0.001, 0.01), null)
    assert.equal(trialsUntilBelow({ bad: 9, count: 10_000 }, 0.001, 0.01), null)
  })

  it('stays sound with counts of thousands of millions', () => {
    assert.equal(sideOf({ bad: 9e5, count: 1e9 }, 0.001, 0.01), 'below')
    assert.equal(sideOf({ bad: 1.1e6, count: 1e9 }, 0.001, 0.01), 'above')
    assert.equal(sideOf({ bad: 1e6, count: 1e9 }, 0.001, 0.01), 'open')
    assert.equal(upperBound(5, 5, 0.01, ratePrior(0.001)), 1)
  })
})

describe('a simulated gate that is looked at again and again', () => {
  const about = { limit: 0.01, chance: 0.01, every: 20, trials: 6_000 }

  it('promotes what is exactly at its limit with no more than its chance', () => {
    const { promoted, failed } = simulateGate({ ...about, runs: 400, rate: 0.01 })
    assert.ok(promoted.length <= 6, `${promoted.length}`)
    assert.ok(failed.length <= 6, `${failed.length}`)
  })

  it('promotes what is clean as soon as the table says', () => {
    const { promoted } = simulateGate({ ...about, limit: 0.001, runs: 1, rate: 0, every: 1 })
    assert.ok(Math.abs((promoted[0] ?? 0) - 5_254) < 42, `${promoted[0]}`)
  })

  it('promotes most of what is at a fifth of its limit, and fails what is at five times', () => {
    const good = simulateGate({ ...about, runs: 100, rate: 0.002 })
    assert.ok(good.promoted.length >= 97, `${good.promoted.length}`)
    const poor = simulateGate({ ...about, runs: 100, rate: 0.05 })
    assert.deepEqual([poor.promoted.length, poor.failed.length], [0, 100])
    assert.ok(median(poor.failed) < 500)
  })
})

describe('the comparison of two arms', () => {
  const share = 0.05
  /** Requests until the canary is found to be worse; null: it is not. */
  const until = (seed: number, rates: { legacy: number; modern: number }): number | null => {
    const random = createSeededRandom(seed)
    const bad = { modern: 0, legacy: 0 }
    for (let n = 1; n <= 20_000; n++) {
      const arm = random() < share ? 'modern' : 'legacy'
      bad[arm] += Number(random() < rates[arm])
      const counts = { modernBad: bad.modern, legacyBad: bad.legacy, share }
      if (n % 5 === 0 && compareArms(counts, 1.25, 0.01) === 'above') return n
    }
    return null
  }
  const found = (runs: number, legacy: number, modern: number): number[] =>
    Array.from({ length: runs }, (_, seed) => until(seed + 1, { legacy, modern })).filter(
      (at) => at !== null,
    )

  it('finds a canary that fails for a fifth of its callers after a few bad events', () => {
    const at = found(60, 0.001, 0.2)
    assert.equal(at.length, 60)
    assert.ok(median(at) < 600, `${median(at)}`)
  })

  it('calls equal arms unequal in hardly any run', () => {
    assert.ok(found(100, 0.01, 0.01).length <= 2)
  })
})
