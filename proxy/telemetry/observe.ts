/**
 * The last verb: one exchange is counted, written down and told to the conditions that the next
 * request will read. The client is done by now; nothing here can reach it.
 */
import type { Config, Route } from '../config/config.ts'
import type { Decision } from '../routing/choose.ts'
import type { Engine, Reservation } from '../serve.ts'
import type { Target } from '../stage.ts'
import type { Failure, InboundRequest, Observation } from '../targets/send.ts'
import { accessLine, causeOf, isFailed, type Seen, statusOf } from './access-line.ts'
import type { Board } from './board.ts'
import type { InternalPlace } from './catalogue.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { RouteMetrics } from './route-metrics.ts'
import { type HistogramCell, observeValue } from './series.ts'
import type { SnapshotMetrics } from './snapshot-metrics.ts'

export interface ObserveOptions {
  readonly config: Config
  readonly metrics: Metrics
  readonly snapshot: SnapshotMetrics
  readonly board: Board
  readonly log: Log
  /** 0 <= n < 1. */
  readonly random: () => number
  /** Tells the breaker of this target that an answer it took for good broke off after its head. */
  readonly lateFailure: (route: Route, target: Target, failure: Failure) => void
}

/** Whose name stands in the config for the target of a failure; null: not a target's. */
const upstreamOf = (route: Route, party: Failure['party'] | 'banyan'): string | null => {
  if (party === 'legacy') return route.legacy
  return party === 'modern' ? route.modern : null
}

const countFailure = (metrics: Metrics, route: Route, failure: Failure | null): void => {
  const upstream = failure === null ? null : upstreamOf(route, failure.party)
  if (failure === null || upstream === null) return
  metrics.counter('upstream_errors_total', { upstream, kind: failure.code }).value += 1
}

const countUpstream = (series: RouteMetrics, route: Route, seen: Observation): void => {
  const upstream = upstreamOf(route, seen.from)
  if (upstream === null || seen.headMs === null) return
  observeValue(series.upstreamDuration(upstream), (seen.targetMs ?? seen.headMs) / 1_000)
}

const countOverhead = (overhead: HistogramCell, seen: Observation): void => {
  const { headMs, targetMs, instead } = seen
  if (headMs === null || targetMs === undefined || instead !== null) return
  observeValue(overhead, Math.max(0, headMs - targetMs) / 1_000)
}

/** A connection that changed protocol was answered with that; how long it then lives is no latency. */
const tookMs = ({ status, headMs, totalMs }: Observation): number =>
  status === 101 ? (headMs ?? totalMs) : totalMs

const countExchange = (series: RouteMetrics, exchange: Seen): void => {
  const { decision, request, seen } = exchange
  const { reason } = decision
  const kind = { method: request.method, status: statusOf(seen), target: seen.from, reason }
  series.requests(kind).value += 1
  observeValue(series.duration(seen.from), tookMs(seen) / 1_000)
  if (request.body !== null) series.requestBytes().value += request.body.length ?? 0
  series.responseBytes().value += seen.body.length
  if (reason === 'breaker' || reason === 'health') series.diversions(reason).value += 1
  const cause = causeOf(seen)
  if (cause !== null) series.fallbacks(cause).value += 1
}

/** A failed answer is the target's only if its head was good; before that, its Send has reported it. */
const isLate = (seen: Observation, failure: Failure): boolean =>
  seen.from !== 'banyan' && seen.headMs !== null && failure.party === seen.from

/** Observers of one snapshot. Each step is guarded by itself: a broken one costs no other its turn. */
export const createObserve = (options: ObserveOptions): Engine['observe'] => {
  const { config, metrics, snapshot, board, log, random, lateFailure } = options
  const { accessBp, query } = config.log
  const overhead = metrics.histogram('proxy_overhead_seconds', {})
  const handles = new Map(config.routes.map(({ id }) => [id, snapshot.route(id)]))

  const feed = ({ decision, seen }: Seen): void => {
    const { failure, from } = seen
    if (failure === null || from === 'banyan' || !isLate(seen, failure)) return
    if (decision.counts) lateFailure(decision.route, from, failure)
  }
  const count = (exchange: Seen): void => {
    const { decision, seen } = exchange
    const { route } = decision
    const series = handles.get(route.id) ?? snapshot.route(route.id)
    countExchange(series, exchange)
    countUpstream(series, route, seen)
    countOverhead(overhead, seen)
    countFailure(metrics, route, seen.failure)
    if (seen.instead === null) return
    countUpstream(series, route, seen.instead)
    countFailure(metrics, route, seen.instead.failure)
  }
  const tally = ({ decision, seen }: Seen): void =>
    board.record(decision.route.id, {
      target: seen.from,
      ms: tookMs(seen),
      failed: statusOf(seen) >= 500 || (seen.failure !== null && seen.failure.party !== 'client'),
      fallback: seen.instead !== null,
    })
  const write = (exchange: Seen): void => {
    const { seen } = exchange
    const failed = isFailed(seen)
    if (!failed && accessBp < 10_000 && random() * 10_000 >= accessBp) return
    const say = failed && seen.failure?.party !== 'client' ? log.warn : log.info
    say('request', accessLine(exchange))
  }
  const steps = [feed, count, tally, write]
  const guard = (where: InternalPlace, error: unknown): void => metrics.internalError(where, error)

  return (
    decision: Decision,
    request: InboundRequest,
    seen: Observation,
    shadow: Reservation | null,
  ): void => {
    const exchange: Seen = { decision, request, seen, revision: config.revision, query }
    for (const step of steps) {
      try {
        step(exchange)
      } catch (error) {
        guard('observe', error)
      }
    }
    try {
      shadow?.settle(seen)
    } catch (error) {
      guard('settle', error)
    }
  }
}
