import assert from 'node:assert/strict'
import type { Config } from '../config/config.ts'
import { plainConfig } from '../edge/plain-config.ts'
import { plainRoute } from '../routing/plain-route.ts'
import type { Engine, Reservation } from '../serve.ts'
import { failure } from '../targets/failure.ts'
import type { Observation } from '../targets/send.ts'
import { type Board, createBoard } from './board.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createObserve, type ObserveOptions } from './observe.ts'
import {
  createHeardLog,
  plainObservation as observation,
  plainDecision,
  plainRequest,
} from './plain-exchange.ts'
import { createSnapshotMetrics } from './snapshot-metrics.ts'

const reset = failure('connection_terminated', 'modern', 'unknown')
const broken = failure('http_response_incomplete', 'legacy', 'unknown')
const gone = failure('client_gone', 'client', 'unknown')
const route = plainRoute('articles.list', { stage: 'modern' })

const reserved = (settle: Reservation['settle']): Reservation => ({
  request: plainRequest(),
  tee: (answer) => answer,
  settle,
})

describe('observe', () => {
  let metrics: Metrics
  let board: Board
  let heard: ReturnType<typeof createHeardLog>
  let late: unknown[]
  afterEach(() => metrics.close())

  const create = (
    log: Partial<Config['log']> = {},
    changes: Partial<ObserveOptions> = {},
  ): Engine['observe'] => {
    late = []
    heard = createHeardLog()
    board = createBoard(() => 0)
    metrics = createMetrics({ log: heard.log, node: false })
    const plain = plainConfig({ upstreams: {}, routes: [route] })
    const config = { ...plain, log: { ...plain.log, accessBp: 10_000, ...log } }
    const snapshot = createSnapshotMetrics(metrics, () => 0)
    return createObserve({
      config,
      metrics,
      snapshot,
      board,
      log: heard.log,
      random: () => 0.5,
      lateFailure: (_, target, { code }) => void late.push([target, code]),
      ...changes,
    })
  }
  const shown = async (start: string): Promise<string[]> => {
    const page = (await metrics.page('identity')).toString()
    const lines = page.split('\n').filter((line) => line.startsWith(`banyan_${start}`))
    return lines.filter((line) => !line.endsWith(' 0'))
  }
  const decision = plainDecision({ route, primary: 'modern', fallback: 'legacy' })
  const observe = (run: Engine['observe'], seen: Observation): void =>
    run(decision, plainRequest(), seen, null)

  it('counts the request, its time and its bytes', async () => {
    observe(create(), observation({ from: 'modern', headMs: 12, targetMs: 11 }))
    const labels = 'route="articles.list"'
    assert.deepEqual(await shown('requests_total{'), [
      `banyan_requests_total{${labels},method="GET",status_class="2xx",target="modern",reason="stage"} 1`,
    ])
    assert.deepEqual(await shown('request_duration_seconds_sum'), [
      `banyan_request_duration_seconds_sum{${labels},target="modern"} 0.02`,
    ])
    assert.deepEqual(await shown('upstream_duration_seconds_sum'), [
      `banyan_upstream_duration_seconds_sum{${labels},upstream="handlers"} 0.011`,
    ])
    assert.deepEqual(await shown('proxy_overhead_seconds_sum'), [
      'banyan_proxy_overhead_seconds_sum 0.001',
    ])
    assert.deepEqual(await shown('response_bytes_total'), [
      `banyan_response_bytes_total{${labels}} 120`,
    ])
    assert.equal(board.read(route.id).requests.modern, 1)
  })

  it('counts the attempt that a fallback hid, as a failure of modern', async () => {
    const instead = observation({ from: 'modern', status: null, headMs: null, failure: reset })
    observe(create(), observation({ instead }))
    assert.deepEqual(await shown('fallbacks_total'), [
      'banyan_fallbacks_total{route="articles.list",cause="reset"} 1',
    ])
    assert.deepEqual(await shown('upstream_errors_total'), [
      'banyan_upstream_errors_total{upstream="handlers",kind="connection_terminated"} 1',
    ])
    assert.equal(board.read(route.id).fallbacks, 1)
    assert.equal(heard.heard[0]?.level, 'warn')
  })

  it('counts a diversion', async () => {
    create()(plainDecision({ route, reason: 'breaker' }), plainRequest(), observation(), null)
    assert.deepEqual(await shown('breaker_diversions_total'), [
      'banyan_breaker_diversions_total{route="articles.list",reason="breaker"} 1',
    ])
  })

  const lateCases = [
    ['an answer that broke off after its head', observation({ failure: broken }), 1],
    ['a client that left', observation({ failure: gone }), 0],
    ['an answer without a head', observation({ headMs: null, failure: broken }), 0],
    ["Banyan's own answer", observation({ from: 'banyan', failure: broken }), 0],
  ] as const
  for (const [what, seen, reports] of lateCases) {
    it(`reports ${what} to a breaker ${reports} times`, () => {
      observe(create(), seen)
      assert.equal(late.length, reports)
    })
  }

  it('never reports forced traffic to a breaker', () => {
    const forced = plainDecision({ route, reason: 'forced', counts: false })
    create()(forced, plainRequest(), observation({ failure: broken }), null)
    assert.deepEqual(late, [])
  })

  const sampling = [
    ['writes a sampled request', 5_001, observation(), 1],
    ['leaves out what the sampling leaves out', 5_000, observation(), 0],
    ['writes a failure whatever the sampling says', 0, observation({ status: 502 }), 1],
  ] as const
  for (const [title, accessBp, seen, lines] of sampling) {
    it(title, () => {
      observe(create({ accessBp }), seen)
      assert.equal(heard.heard.length, lines)
    })
  }

  it('hands the pair to comparison last', () => {
    const settled: Observation[] = []
    const seen = observation()
    create()(
      decision,
      plainRequest(),
      seen,
      reserved((each) => void settled.push(each)),
    )
    assert.deepEqual(settled, [seen])
  })

  it('costs no other step its turn when one throws', async () => {
    const throws = (): never => {
      throw new Error('broken')
    }
    const run = create({}, { lateFailure: throws })
    run(decision, plainRequest(), observation({ failure: broken }), reserved(throws))
    assert.deepEqual(await shown('internal_errors_total'), [
      'banyan_internal_errors_total{where="observe"} 1',
      'banyan_internal_errors_total{where="settle"} 1',
    ])
    assert.equal((await shown('requests_total{')).length, 1)
    assert.ok(heard.heard.some(({ event }) => event === 'request'))
  })
})
