import assert from 'node:assert/strict'
import type { PlaceCount } from '../cutover/evidence.ts'
import { alarmsOf, logEvidence } from './e-process.ts'
import { logBeta, logGamma } from './log-beta.ts'
import { simulatedAlarms } from './simulated-noise.ts'

const near = (found: number, expected: number, off: number): void =>
  assert.ok(Math.abs(found - expected) <= off, `${found} is not ${expected} ± ${off}`)

describe('logGamma', () => {
  it('is the logarithm of the factorials and of roots of pi', () => {
    near(logGamma(1), 0, 1e-13)
    near(logGamma(11), Math.log(3_628_800), 1e-12)
    near(logGamma(0.5), Math.log(Math.PI) / 2, 1e-13)
    near(logBeta(2, 3), Math.log(1 / 12), 1e-13)
    near(logGamma(1e6), 12_815_504.569147611, 1e-6)
  })
})

describe('the evidence of discordant pairs', () => {
  // biome-ignore format: a table reads best as a table
  const known: [number, number, number][] = [
    [0, 0, 1], [1, 0, 1.5], [0, 1, 0.5], [10, 0, 186.0909], [13, 0, 1_170.2143], [20, 3, 394.6662],
  ]
  for (const [b, c, expected] of known)
    it(`is ${expected} of ${b} for and ${c} against`, () => {
      near(Math.exp(logEvidence(b, c)), expected, expected * 1e-6)
    })

  it('neither overflows nor loses its sense with counts of millions', () => {
    for (const [b, c] of [
      [1e6, 1e6],
      [1e9, 1],
      [1, 1e9],
      [1e9, 1e9],
    ] as const)
      assert.ok(Number.isFinite(logEvidence(b, c)), `${b} ${c}`)
    assert.ok(logEvidence(1e6, 0.99e6) > 15)
    assert.ok(logEvidence(0.99e6, 1e6) < 0)
  })

  it('grows with what speaks for it and shrinks with what speaks against it', () => {
    for (let n = 0; n < 60; n++) {
      assert.ok(logEvidence(n + 1, 7) > logEvidence(n, 7))
      assert.ok(logEvidence(7, n + 1) < logEvidence(7, n))
    }
  })

  it('is expected to stay as it is where either is as likely', () => {
    for (const [b, c] of [
      [0, 0],
      [3, 1],
      [1, 4],
      [20, 20],
      [200, 150],
    ] as const) {
      const next = (Math.exp(logEvidence(b + 1, c)) + Math.exp(logEvidence(b, c + 1))) / 2
      near(next / Math.exp(logEvidence(b, c)), 1, 1e-9)
    }
  })
})

const place = (modernAlone: number, legacyAlone: number, pattern = '/a'): PlaceCount => ({
  pattern,
  kind: 'value',
  severity: 'major',
  as: 'noise',
  rule: null,
  count: 0,
  modernAlone,
  legacyAlone,
})

describe('alarmsOf', () => {
  it('tells a regression from a legacy that moves under the comparison', () => {
    assert.deepEqual(
      alarmsOf([place(13, 0), place(0, 14, '/b'), place(9, 9, '/c')], 0.003).map(
        ({ pattern, alarm }) => `${pattern} ${alarm}`,
      ),
      ['/a regressed', '/b legacyMoved'],
    )
  })

  it('asks for more evidence the more places there are', () => {
    const others = (count: number) => Array.from({ length: count }, (_, i) => place(0, 0, `/o${i}`))
    assert.equal(alarmsOf([place(13, 0)]).length, 1)
    assert.equal(alarmsOf([place(13, 0), ...others(9)]).length, 0)
    assert.equal(alarmsOf([place(17, 0), ...others(9)]).length, 1)
  })

  it('adds up what is counted of one place in several ways', () => {
    const ways = [place(7, 0), { ...place(6, 0), as: 'difference' as const }]
    assert.equal(alarmsOf(ways)[0]?.modernAlone, 13)
  })
})

describe('simulated traffic that is looked at after every request', () => {
  it('raises a false alarm in at most 1 % of runs of 1 000 requests at 1 % symmetric noise', () => {
    const run = { runs: 400, requests: 1_000, noise: 0.01, regression: 0 }
    assert.ok(simulatedAlarms(run).length <= 4)
  })

  it('raises a false alarm in at most 1 % of runs at 50 % symmetric noise', () => {
    const run = { runs: 200, requests: 1_000, noise: 0.5, regression: 0 }
    assert.ok(simulatedAlarms(run).length <= 2)
  })

  it('finds a regression of 20 % under 50 % noise within 5 000 requests in 99 % of runs', () => {
    const run = { runs: 200, requests: 5_000, noise: 0.5, regression: 0.2 }
    const found = simulatedAlarms(run)
    assert.ok(found.length >= 198, `${found.length}`)
    const median = found.sort((a, b) => a - b)[100] ?? 0
    assert.ok(median < 1_200, `${median}`)
  })
})
