import assert from 'node:assert/strict'
import type { ProxyStatus } from '../admin/status.ts'
import { createEvidence } from '../cutover/evidence.ts'
import { routeVerdicts } from '../cutover/route-verdicts.ts'
import { gaugeRule } from './gauge-rules.ts'
import { silentLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { fillVerdicts } from './scrape.ts'

const hour = 3_600_000
const now = 100 * hour

const verdictsOf = (trials: number) => {
  const start = createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: now - 10 * hour })
  const counts = { trials, last: now, outcomes: { identical: trials }, shapes: { one: trials } }
  return routeVerdicts({ ...start, ...counts }, { effects: 'read' }, {}, now)
}

/** The lines about the time that gates take, with so many trials in ten hours. */
const etaLines = async (trials: number): Promise<readonly string[]> => {
  const metrics = createMetrics({ log: silentLog, node: false })
  const findings = { refresh: async () => {}, verdicts: () => verdictsOf(trials) }
  const status = { findings, config: () => ({ routes: [{ id: 'a' }] }) }
  metrics.onScrape(() => fillVerdicts(metrics, status as unknown as ProxyStatus))
  const page = (await metrics.page('identity')).toString()
  metrics.close()
  return page.split('\n').filter((line) => line.startsWith('banyan_gate_eta_seconds{'))
}

describe('the time until gates pass', () => {
  it('is a gauge of each, at the present rate', async () => {
    assert.deepEqual(await etaLines(1_000), [
      'banyan_gate_eta_seconds{route="a",gate="parity"} 152892',
      'banyan_gate_eta_seconds{route="a",gate="regressions"} 152892',
    ])
    assert.match((await etaLines(9_000)).join(), /gate="parity"\} 0,/)
  })

  it('is absent where nobody can tell', async () => assert.deepEqual(await etaLines(0), []))

  it('is the longest that any worker tells', () => {
    assert.equal(gaugeRule('banyan_gate_eta_seconds'), 'max')
  })
})
