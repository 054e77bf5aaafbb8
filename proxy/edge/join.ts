/** Where a connection that changes protocol goes: to the upstream of its decision, or to a refusal. */
import type { Config, Route } from '../config/config.ts'
import type { Redirect } from '../config/rewriting-config.ts'
import { refusalOf } from '../engine.ts'
import type { Decision } from '../routing/choose.ts'
import type { Target } from '../stage.ts'
import type { Breaker } from '../targets/breaker.ts'
import type { ResultReader } from '../targets/call-result.ts'
import { asFailure, failure } from '../targets/failure.ts'
import { redirectAnswer } from '../targets/redirect.ts'
import type { Failure, Observation } from '../targets/send.ts'
import type { Tunnel } from '../targets/tunnel.ts'
import type { TunnelEnding, TunnelEvents, UpgradeCall } from '../targets/tunnel-join.ts'
import { closingHead } from '../targets/tunnel-reply.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { endWithProblem } from './raw-answer.ts'
import { createRewriteUpgrade } from './rewrite-upgrade.ts'
import { answeredObservation, refusedObservation } from './unreceived.ts'

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
  const rewrite = createRewriteUpgrade(config)
  const redirect = ({ request, socket }: UpgradeCall, to: Redirect): Observation => {
    const { status, reason, headers } = redirectAnswer(to, request)
    socket.on('error', () => {})
    socket.end(closingHead(status, reason, headers), () => socket.destroy())
    return { ...answeredObservation(status, now() - request.receivedMs), headers }
  }
  /** Throws the Failure of an upgrade that goes nowhere. */
  const join: Join = async (call, decision) => {
    const { route } = decision
    const refusal = refusalOf(decision, call.request)
    if (refusal !== null) throw refusal
    if (route.redirect != null) return redirect(call, route.redirect)
    const aim = aimOf(decision)
    if (aim === null) throw noTunnel
    const { target, upstream, tunnel } = aim
    if (inFlight() >= most) {
      countEnding(upstream, 'limit')
      throw tooMany
    }
    const rewritten = rewrite(call, route, upstream)
    const breakers = decision.counts ? breakersOf(route, target) : []
    const events = feed(breakers, () => {
      metrics.counter('tunnels_opened_total', { upstream }).value += 1
    })
    const seen = await tunnel.join(target, rewritten, events)
    countEnding(upstream, seen.ending)
    return seen
  }
  return (call, decision) =>
    join(call, decision).catch((error: unknown) => refuse(call, asFailure(error)))
}
