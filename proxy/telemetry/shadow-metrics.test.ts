import assert from 'node:assert/strict'
import { saying, startShadowLab } from '../shadow/shadow-lab.ts'
import type { Binlog } from '../shadow/writes/binlog/binlog.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import { silentLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { scrapeBinlog } from './shadow-metrics.ts'

describe('the metrics of comparisons', () => {
  it('are there at zero before anything was sampled, for what a route may come to', async () => {
    const lab = await startShadowLab({ legacy: saying('{}'), modern: saying('{}') })
    const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    await lab.close()
    const lines = page.split('\n').filter((line) => line.startsWith('banyan_comparisons_total{'))
    assert.equal(lines.length, 10)
    for (const line of lines) assert.match(line, /route="lab\.any",shadow="modern",.* 0$/)
  })
})

describe('the metrics of a binary log', () => {
  it('are gone, but what was counted, once nobody wants it any more', async () => {
    let isWanted = true
    let nowMs = 0
    const where = { server: 'a:1', since: '', position: null, why: null }
    const status: BinlogStatus = { ...where, state: 'following' }
    const binlog: Binlog = {
      ...{ want() {}, close: async () => {}, dropped: () => 1 },
      isReading: () => isWanted || null,
      status: () => (isWanted ? status : null),
      find: () => Promise.reject(new Error('nobody asks')),
    }
    const metrics = createMetrics({ log: silentLog, now: () => nowMs, node: false })
    scrapeBinlog(metrics, binlog)
    const lines = async (): Promise<readonly string[]> => {
      nowMs += 1_000
      const page = (await metrics.page('identity')).toString()
      return page.split('\n').filter((line) => line.startsWith('banyan_binlog_'))
    }
    assert.deepEqual(await lines(), [
      'banyan_binlog_up 1',
      'banyan_binlog_state{state="starting"} 0',
      'banyan_binlog_state{state="catching_up"} 0',
      'banyan_binlog_state{state="following"} 1',
      'banyan_binlog_state{state="failed"} 0',
      'banyan_binlog_drops_total 1',
    ])
    isWanted = false
    assert.deepEqual(await lines(), ['banyan_binlog_drops_total 1'])
    metrics.close()
  })
})
