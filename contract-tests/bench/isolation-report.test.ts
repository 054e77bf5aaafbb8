import assert from 'node:assert/strict'
import { type IsolationVerdict, isolationTable, rowOf, spreadOf } from './isolation-report.ts'
import type { OpenLoopResult } from './open-loop.ts'
import { type ShadowCounts, shadowCountsOf } from './shadow-counts.ts'

const metrics = `# TYPE banyan_comparisons_total counter
banyan_comparisons_total{route="unruly.spin",shadow="modern",outcome="shadow_timeout"} 2
banyan_comparisons_total{route="unruly.spin",shadow="modern",outcome="identical"} 0
banyan_comparisons_total{route="unruly.spin",shadow="modern",outcome="shed"} 7
banyan_comparisons_total{route="unruly.ok",shadow="modern",outcome="identical"} 90
banyan_shadow_drops_total{route="unruly.spin",reason="queue_full"} 4
banyan_shadow_drops_total{route="unruly.spin",reason="lanes"} 3
banyan_shadow_queue 5
banyan_lane_restarts_total{role="shadow",cause="timeout"} 2
`
const counts: ShadowCounts = shadowCountsOf(metrics, 'unruly.spin')
const none: ShadowCounts = {
  compared: {},
  shed: { lanes: 9 },
  waiting: 0,
  fallbacks: {},
  lanes: {},
}

const leg = (p99: number, errors = 0): OpenLoopResult => ({
  ...{ sent: 2_000, errors, p50: 0.5, p99, lateP99: 0.1 },
})

interface Case {
  readonly off: number
  readonly again: number
  readonly on: number
  readonly errors?: number
  readonly counts?: ShadowCounts
  readonly verdict: IsolationVerdict
}

// biome-ignore format: a table reads best as a table
const cases: Readonly<Record<string, Case>> = {
  'a tenth more at most':             { off: 100, again: 100, on: 109, verdict: 'held' },
  '2 ms more at most':                { off: 2,   again: 2,   on: 3.9, verdict: 'held' },
  'more than both':                   { off: 10,  again: 10,  on: 20,  verdict: 'not held' },
  'more, on a machine just as noisy': { off: 10,  again: 30,  on: 20,  verdict: 'noise' },
  'one error':                        { off: 10,  again: 10,  on: 10,  errors: 1, verdict: 'not held' },
  'nobody was asked':                 { off: 10,  again: 10,  on: 10,  counts: none, verdict: 'not asked' },
}

const about = { stage: 'shadow', deed: 'spin', foreign: 'spin', besideErrors: 0 }

describe('the verdict on isolation', () => {
  for (const [what, { off, again, on, errors = 0, verdict, ...rest }] of Object.entries(cases)) {
    it(`is "${verdict}" for ${what}`, () => {
      const round = { off: leg(off), again: leg(again), on: leg(on, errors) }
      const row = rowOf({ ...about, counts, rounds: Array(10).fill(round), ...rest })
      assert.equal(row.verdict, verdict)
      assert.match(isolationTable([row]), new RegExp(`${verdict}$`, 'm'))
    })
  }

  it('is "noise" where only some rounds are more than may be', () => {
    const ons = [10, 10, 10, 10, 20, 20, 20, 20, 20, 20]
    const rounds = ons.map((on) => ({ off: leg(10), again: leg(10), on: leg(on) }))
    assert.equal(rowOf({ ...about, counts, rounds }).verdict, 'noise')
  })

  it('rests on the interval of a sign test', () => {
    const ten = Array.from({ length: 10 }, (_, at) => at + 1)
    assert.deepEqual(spreadOf(ten), { median: 5.5, low: 2, high: 9 })
    assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, low: 1, high: 3 })
  })

  it('tells what became of every sample', () => {
    assert.deepEqual(counts, {
      compared: { shadow_timeout: 2 },
      shed: { queue_full: 4, lanes: 3 },
      waiting: 5,
      fallbacks: {},
      lanes: { timeout: 2 },
    })
  })
})
