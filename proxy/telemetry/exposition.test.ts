import assert from 'node:assert/strict'
import {
  growing,
  mergeExpositions,
  onlyRoutes,
  readExposition,
  routesIn,
  writeExposition,
} from './exposition.ts'
import { silentLog } from './log.ts'
import { createMetrics } from './metrics.ts'
import { observeValue } from './series.ts'

const page = (name: string, type: string, ...lines: string[]): string =>
  [`# HELP ${name} What it is.`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n')

const joined = (primary: string, ...workers: string[]): string =>
  writeExposition(mergeExpositions(readExposition(primary), workers.map(readExposition)))

describe('several pages of metrics', () => {
  const table: readonly (readonly [string, string, string, string, string, string])[] = [
    ['adds up counters', 'banyan_retries_total', 'counter', '1', '2', '3'],
    ['adds up what waits', 'banyan_requests_in_flight', 'gauge', '4', '5', '9'],
    [
      'has an address well only where all find it so',
      'banyan_upstream_healthy',
      'gauge',
      '1',
      '0',
      '0',
    ],
    ['tells of a breaker that is open anywhere', 'banyan_breaker_state', 'gauge', '0', '1', '1'],
    [
      'takes from the primary what it alone knows',
      'banyan_instance_draining',
      'gauge',
      '0',
      '1',
      '0',
    ],
    ['takes the earliest start', 'process_start_time_seconds', 'gauge', '7', '5', '5'],
    ['takes the worst delay', 'nodejs_eventloop_lag_p99_seconds', 'gauge', '0.1', '0.3', '0.3'],
  ]
  for (const [title, name, type, a, b, expected] of table) {
    it(title, () => {
      assert.equal(
        joined(page(name, type, `${name} ${a}`), page(name, type, `${name} ${b}`)),
        page(name, type, `${name} ${expected}`),
      )
    })
  }

  it('keeps series apart by their labels, and knows infinity', () => {
    const one = page('banyan_x_bucket', 'histogram', 'x{le="+Inf",a="b c"} 1', 'y +Inf')
    const two = page('banyan_x_bucket', 'histogram', 'x{le="1"} 2')
    assert.equal(joined(one, two), `${one}x{le="1"} 2\n`)
  })

  it('reads every page that Banyan writes, as it was', async () => {
    const metrics = createMetrics({ log: silentLog, node: true })
    metrics.counter('requests_total', {
      route: 'a "b" {c}\n',
      method: 'GET',
      status_class: '2xx',
      target: 'modern',
      reason: 'stage',
    }).value = 3
    observeValue(metrics.histogram('proxy_overhead_seconds', {}), 0.002)
    // The library spells it otherwise than Prometheus does.
    const text = (await metrics.page('identity')).toString().replaceAll(' Nan', ' NaN')
    metrics.close()
    const lines = (of: string): string[] => of.split('\n').filter((line) => line !== '')
    assert.deepEqual(lines(writeExposition(readExposition(text))), lines(text))
  })

  it('keeps of a process that is gone what only grows, of routes that are still there', () => {
    const text = [
      page(
        'banyan_requests_total',
        'counter',
        'r{route="a"} 1',
        'r{route="b"} 2',
        'r{route="_refused"} 3',
      ),
      page('banyan_requests_in_flight', 'gauge', 'f 4'),
    ].join('')
    const gone = growing(readExposition(text))
    const alive = readExposition(page('banyan_requests_total', 'counter', 'r{route="b"} 0'))
    const kept = onlyRoutes(gone, routesIn([alive]))
    assert.equal(
      writeExposition(kept),
      page('banyan_requests_total', 'counter', 'r{route="b"} 2', 'r{route="_refused"} 3'),
    )
  })
})
