import assert from 'node:assert/strict'
import type { Config } from '../config/config.ts'
import { plainConfig } from '../edge/plain-config.ts'
import { plainRoute, type RouteChanges } from '../routing/plain-route.ts'
import { silentLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createSnapshotMetrics, type SnapshotMetrics } from './snapshot-metrics.ts'

const hourMs = 3_600_000
const configOf = (routes: Readonly<Record<string, RouteChanges>>): Config =>
  plainConfig({
    upstreams: {},
    routes: Object.entries(routes).map(([id, changes]) => plainRoute(id, changes)),
  })

describe('metrics of a snapshot', () => {
  let nowMs = 0
  let metrics: Metrics
  let snapshot: SnapshotMetrics
  let gone: string[]
  const lines = async (start: string): Promise<string[]> => {
    nowMs += 1_000
    const page = (await metrics.page('identity')).toString()
    return page.split('\n').filter((line) => line.startsWith(start))
  }
  beforeEach(() => {
    nowMs = 0
    gone = []
    metrics = createMetrics({ log: silentLog, now: () => nowMs, node: false })
    snapshot = createSnapshotMetrics(
      metrics,
      () => nowMs,
      (ids) => void gone.push(...ids),
    )
  })
  afterEach(() => metrics.close())

  it('exposes at zero what alerts ask of a route before its first request', async () => {
    snapshot.use(
      configOf({
        a: { stage: 'canary', match: { methods: ['GET', 'HEAD'] }, fallbackOn: ['timeout'] },
      }),
    )
    const errors = 'banyan_requests_total{route="a",method="GET",status_class="5xx"'
    assert.deepEqual(await lines('banyan_requests_total'), [
      `${errors},target="legacy",reason="weight"} 0`,
      `${errors},target="modern",reason="weight"} 0`,
      `${errors},target="banyan",reason="weight"} 0`,
    ])
    assert.deepEqual(await lines('banyan_fallbacks_total'), [
      'banyan_fallbacks_total{route="a",cause="timeout"} 0',
    ])
    assert.deepEqual(await lines('banyan_breaker_diversions_total'), [
      'banyan_breaker_diversions_total{route="a",reason="breaker"} 0',
    ])
  })

  it('shows each route at one stage and the share that modern answers', async () => {
    snapshot.use(
      configOf({ a: { stage: 'canary', weightBp: 250 }, b: { stage: 'retired' }, c: {} }),
    )
    const atOne = (await lines('banyan_route_stage')).filter((line) => line.endsWith(' 1'))
    assert.deepEqual(atOne, [
      'banyan_route_stage{route="a",stage="canary"} 1',
      'banyan_route_stage{route="b",stage="retired"} 1',
      'banyan_route_stage{route="c",stage="legacy"} 1',
    ])
    assert.deepEqual(await lines('banyan_route_weight_ratio'), [
      'banyan_route_weight_ratio{route="a"} 0.025',
      'banyan_route_weight_ratio{route="b"} 1',
      'banyan_route_weight_ratio{route="c"} 0',
    ])
  })

  it('follows a flip and keeps what was counted', async () => {
    snapshot.use(configOf({ a: {} }))
    const kind = { method: 'GET', status: 200, target: 'legacy', reason: 'stage' } as const
    snapshot.route('a').requests(kind).value += 5
    snapshot.use(configOf({ a: { stage: 'modern' } }))
    const [line] = (await lines('banyan_route_stage')).filter((each) => each.endsWith(' 1'))
    assert.equal(line, 'banyan_route_stage{route="a",stage="modern"} 1')
    assert.equal(snapshot.route('a').requests(kind).value, 5)
  })

  it('names only the revision in force', async () => {
    snapshot.use(configOf({ a: {} }))
    snapshot.use({ ...configOf({ a: {} }), revision: '000000000002' })
    assert.deepEqual(await lines('banyan_config_info'), [
      'banyan_config_info{revision="000000000002"} 1',
    ])
  })

  it('counts methods that nobody knows as one', () => {
    const { requests } = snapshot.route('a')
    const kind = { status: 200, target: 'legacy', reason: 'stage' } as const
    requests({ ...kind, method: 'PROPFIND' }).value += 1
    assert.equal(requests({ ...kind, method: 'BREW' }).value, 1)
    assert.equal(requests({ ...kind, method: 'BREW' }).labels.method, 'other')
  })

  it('drops the series of a route an hour after it left, and not before', async () => {
    snapshot.use(configOf({ a: {}, b: {} }))
    const before = snapshot.route('a')
    snapshot.use(configOf({ b: {} }))
    nowMs = hourMs - 2_000
    assert.notEqual((await lines('banyan_route_weight_ratio{route="a"')).length, 0)
    nowMs = hourMs
    assert.equal((await lines('banyan_route_weight_ratio{route="a"')).length, 0)
    assert.equal((await lines('banyan_route_weight_ratio{route="b"')).length, 1)
    assert.deepEqual(gone, ['a'])
    assert.notEqual(snapshot.route('a'), before)
  })

  it('keeps a route that comes back within the hour', async () => {
    snapshot.use(configOf({ a: {} }))
    snapshot.use(configOf({ b: {} }))
    snapshot.use(configOf({ a: {} }))
    nowMs = 2 * hourMs
    assert.equal((await lines('banyan_route_weight_ratio{route="a"')).length, 1)
  })
})
