/** Where a WebSocket goes: to the upstream of its decision, or to a refusal. */
import type { Config, Route } from '../config/config.ts'
import { refusalOf } from '../engine.ts'
import type { Decision } from '../routing/choose.ts'
import { withoutForce } from '../routing/force.ts'
import type { Target } from '../stage.ts'
import { failure } from '../targets/failure.ts'
import type { Failure, Observation } from '../targets/send.ts'
import type { Tunnel } from '../targets/tunnel.ts'
import type { UpgradeCall } from '../targets/tunnel-join.ts'
import type { Log } from '../telemetry/log.ts'
import { endWithProblem } from './raw-answer.ts'
import { refusedObservation } from './unreceived.ts'

export interface JoinParts {
  readonly config: Config
  /** By the name of their upstream. */
  readonly tunnels: ReadonlyMap<string, Tunnel>
  readonly log: Log
  readonly now: () => number
}

export type Join = (call: UpgradeCall, decision: Decision) => Promise<Observation>

const noTunnel = failure('http_upgrade_failed', 'banyan', 'none', {
  detail: 'No target of this route takes connections that change their protocol.',
})

/** Joins upgrades by the decisions of one snapshot. */
export const createJoin = ({ config, tunnels, log, now }: JoinParts): Join => {
  const told = new Set<Route>()
  const tunnelOf = (route: Route, target: Target): Tunnel | null =>
    tunnels.get(route[target] ?? '') ?? null
  const refuse = ({ request, socket }: UpgradeCall, why: Failure): Observation => {
    socket.on('error', () => {})
    endWithProblem(socket, why, request.id)
    return refusedObservation(why, now() - request.receivedMs)
  }
  /** Handlers answer requests; what changes its protocol stays with legacy. */
  const stay = (route: Route): Tunnel | null => {
    const legacy = tunnelOf(route, 'legacy')
    if (legacy !== null && !told.has(route)) {
      told.add(route)
      log.info('upgrade_stays_with_legacy', { route: route.id, why: 'handlers take no upgrades' })
    }
    return legacy
  }
  return async (call, decision) => {
    const { request } = call
    const refusal = refusalOf(decision, request)
    if (refusal !== null) return refuse(call, refusal)
    const { route, primary } = decision
    const own = tunnelOf(route, primary)
    const tunnel = own ?? stay(route)
    if (tunnel === null) return refuse(call, noTunnel)
    const headers = withoutForce(request.headers, config.force)
    const prepared = headers === request.headers ? request : { ...request, headers }
    return tunnel.join(own === null ? 'legacy' : primary, { ...call, request: prepared })
  }
}
