import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { leaveOut } from '../../contract-tests/lab/left-out.ts'
import { metricNames, metricRow } from './catalogue.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createHeardLog } from './plain-exchange.ts'
import { observeValue } from './series.ts'

const text = async (metrics: Metrics): Promise<string> =>
  (await metrics.page('identity')).toString()

describe('metrics', () => {
  let nowMs = 0
  let metrics: Metrics
  let heard: ReturnType<typeof createHeardLog>
  beforeEach(() => {
    nowMs = 0
    heard = createHeardLog()
    metrics = createMetrics({ log: heard.log, now: () => nowMs, node: false })
  })
  afterEach(() => metrics.close())

  it('exposes help and type of every metric of the catalogue', async () => {
    const page = await text(metrics)
    for (const name of metricNames) {
      const { help, type } = metricRow(name)
      assert.ok(
        page.includes(`# HELP banyan_${name} ${help}\n# TYPE banyan_${name} ${type}\n`),
        name,
      )
    }
  })

  it('shows a counter that was resolved once and counted without it', async () => {
    const cell = metrics.counter('fallbacks_total', { route: 'a', cause: '5xx' })
    cell.value += 1
    cell.value += 1
    assert.match(await text(metrics), /^banyan_fallbacks_total\{route="a",cause="5xx"\} 2$/m)
  })

  it('renders at most once a second and shares the page until then', async () => {
    const first = metrics.page('identity')
    metrics.gauge('instance_draining', {}).value = 1
    assert.equal(metrics.page('identity'), first)
    nowMs = 1_000
    assert.match(await text(metrics), /^banyan_instance_draining 1$/m)
  })

  it('zips the same page', async () => {
    const plain = await text(metrics)
    assert.equal(gunzipSync(await metrics.page('gzip')).toString(), plain)
  })

  it('gives the library the same series as the page', async () => {
    metrics.counter('fallbacks_total', { route: 'a', cause: '5xx' }).value = 3
    observeValue(
      metrics.histogram('request_duration_seconds', { route: 'a', target: 'legacy' }),
      0.2,
    )
    const lines = (page: string) => page.split('\n').filter((line) => line !== '')
    const pages = [await text(metrics), await metrics.registry.metrics()]
    assert.deepEqual(lines(pages[0] ?? ''), lines(pages[1] ?? ''))
  })

  it('lets others have their turn while a long page is rendered', async () => {
    for (let index = 0; index < 9_000; index += 1) {
      metrics.counter('response_bytes_total', { route: `route-${index}` })
    }
    let turns = 0
    let rendering = true
    const count = (): void => {
      turns += 1
      if (rendering) setImmediate(count)
    }
    setImmediate(count)
    await metrics.page('identity')
    rendering = false
    assert.ok(turns >= 4, `${turns} turns`)
  })

  it('says once that there are more series than the budget', async () => {
    for (let index = 0; index < 10_001; index += 1) {
      metrics.counter('response_bytes_total', { route: `route-${index}` })
    }
    await metrics.page('identity')
    nowMs = 1_000
    await metrics.page('identity')
    assert.deepEqual(
      heard.heard.map(({ event }) => event),
      ['series_over_budget'],
    )
  })

  it('counts every internal error and logs the first of its kind', async () => {
    for (const error of [new Error('a'), new Error('b'), new TypeError('c')]) {
      metrics.internalError('observe', error)
    }
    assert.match(await text(metrics), /^banyan_internal_errors_total\{where="observe"\} 3$/m)
    assert.equal(heard.heard.length, 2)
  })

  it('survives a source of gauges that throws', async () => {
    metrics.onScrape(() => {
      throw new Error('no pool yet')
    })
    assert.match(await text(metrics), /^banyan_internal_errors_total\{where="scrape"\} 1$/m)
  })

  it('observes how late its timer is', (done) => {
    const real = createMetrics({ log: heard.log, node: false })
    const cell = real.histogram('event_loop_delay_seconds', {})
    const look = setInterval(() => {
      if (cell.counts.every((count) => count === 0)) return
      clearInterval(look)
      real.close()
      done()
    }, 5)
  })

  it('passes promtool, the metrics of Node included', async function () {
    const found = spawnSync('promtool', ['--version'])
    if (found.error !== undefined) leaveOut(this, 'promtool', 'promtool is not on the PATH')
    const real = createMetrics({ log: heard.log })
    for (const name of ['requests_total', 'breaker_transitions_total'] as const) {
      const labels = metricRow(name).labels.map((label) => [label, 'x'])
      real.counter(name, Object.fromEntries(labels))
    }
    observeValue(real.histogram('upstream_duration_seconds', { route: 'a', upstream: 'php' }), 1)
    const page = await real.page('identity')
    real.close()
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page })
    assert.equal(status, 0, `${stdout}${stderr}`)
  })
})
