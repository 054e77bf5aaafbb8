/** Where a connection that changes protocol goes: to the upstream of its decision, or to a refusal. */
import type { Config, Route } from '../config/config.ts'
import { refusalOf } from '../engine.ts'
import type { Decision } from '../routing/choose.ts'
import { withoutForce } from '../routing/force.ts'
import type { Target } from '../stage.ts'
import type { Breaker } from '../targets/breaker.ts'
import type { ResultReader } from '../targets/call-result.ts'
import { failure } from '../targets/failure.ts'
import type { Failure, Observation } from '../targets/send.ts'
import type { Tunnel } from '../targets/tunnel.ts'
import type { TunnelEnding, TunnelEvents, UpgradeCall } from '../targets/tunnel-join.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { endWithProblem } from './raw-answer.ts'
import { refusedObservation } from './unreceived.ts'

/** A breaker that learns from a target's answers, and how it reads them. */
export interface Counting {
  readonly breaker: Breaker
  readonly reader: ResultReader
}

export interface JoinParts {
  readonly config: Config
  /** By the name of their upstream. */
  readonly tunnels: ReadonlyMap<string, Tunnel>
  /** Tunnels of the whole process. */
  readonly inFlight: () => number
  readonly breakersOf: (route: Route, target: Target) => readonly Counting[]
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => number
}

export type Join = (call: UpgradeCall, decision: Decision) => Promise<Observation>

const noTunnel = failure('http_upgrade_failed', 'banyan', 'none', {
  detail: 'No target of this route takes connections that change their protocol.',
})
const tooMany = failure('connection_limit_reached', 'banyan', 'none', {
  detail: 'Too many connections have changed their protocol already.',
})

/** One upgrade without a head counts against its target like one request without a head. */
const feed = (breakers: readonly Counting[], opened: () => void): TunnelEvents => {
  const calls = breakers.map(({ breaker, reader }) => ({ breaker, reader, call: breaker.begin() }))
  return {
    answered(status) {
      if (status === 101) opened()
      for (const { breaker, reader, call } of calls) breaker.record(call, reader.answer({ status }))
    },
    failed(why) {
      for (const { breaker, reader, call } of calls) breaker.record(call, reader.failure(why))
    },
  }
}

/** Where handlers are asked to change the protocol. They answer requests; legacy has it then. */
const createStay = (log: Log) => {
  const told = new Set<Route>()
  return (route: Route): void => {
    if (told.has(route)) return
    told.add(route)
    log.info('upgrade_stays_with_legacy', { route: route.id, why: 'handlers take no upgrades' })
  }
}

/** Where an upgrade goes. */
interface Aim {
  readonly target: Target
  /** Name in the config. */
  readonly upstream: string
  readonly tunnel: Tunnel
}

/** Joins upgrades by the decisions of one snapshot. */
export const createJoin = (parts: JoinParts): Join => {
  const { config, tunnels, inFlight, breakersOf, metrics, log, now } = parts
  const most = config.listen.limits.tunnels ?? Number.POSITIVE_INFINITY
  const tellStay = createStay(log)
  const refuse = ({ request, socket }: UpgradeCall, why: Failure): Observation => {
    socket.on('error', () => {})
    endWithProblem(socket, why, request.id)
    return refusedObservation(why, now() - request.receivedMs)
  }
  const to = (target: Target, { route }: Decision): Aim | null => {
    const upstream = route[target] ?? ''
    const tunnel = tunnels.get(upstream)
    return tunnel === undefined ? null : { target, upstream, tunnel }
  }
  const aimOf = (decision: Decision): Aim | null => {
    const own = to(decision.primary, decision)
    const aim = own ?? to('legacy', decision)
    if (own === null && aim !== null) tellStay(decision.route)
    return aim
  }
  const countEnding = (upstream: string, ending: TunnelEnding): void => {
    metrics.counter('tunnels_ended_total', { upstream, ending }).value += 1
  }
  const withoutOwn = (call: UpgradeCall): UpgradeCall => {
    const headers = withoutForce(call.request.headers, config.force)
    const isSame = headers === call.request.headers
    return isSame ? call : { ...call, request: { ...call.request, headers } }
  }
  return async (call, decision) => {
    const refusal = refusalOf(decision, call.request)
    if (refusal !== null) return refuse(call, refusal)
    const aim = aimOf(decision)
    if (aim === null) return refuse(call, noTunnel)
    const { target, upstream, tunnel } = aim
    if (inFlight() >= most) {
      countEnding(upstream, 'limit')
      return refuse(call, tooMany)
    }
    const breakers = decision.counts ? breakersOf(decision.route, target) : []
    const events = feed(breakers, () => {
      metrics.counter('tunnels_opened_total', { upstream }).value += 1
    })
    const seen = await tunnel.join(target, withoutOwn(call), events)
    countEnding(upstream, seen.ending)
    return seen
  }
}
