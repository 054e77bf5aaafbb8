/** The breakers of a process: which there are, what they say of themselves, what they block. */
import type { BreakerState, BreakerStatus } from '../admin/status.ts'
import type { BreakerConfig, Config, Route } from '../config/config.ts'
import type { Conditions } from '../routing/choose.ts'
import { plans, type Target } from '../stage.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { createBreakerClock } from './breaker-clock.ts'
import { createKeep, type Keep } from './keep.ts'
import { createLazyBreaker } from './lazy-breaker.ts'

/** Whose breaker it is: a route's modern target, or (`route` null) an upstream. */
interface BreakerPiece {
  readonly config: BreakerConfig
  readonly route: string | null
  readonly upstream: string
  readonly address: string | null
}

export interface StandingBreaker {
  readonly breaker: Breaker
  status(): BreakerStatus
}

export type BreakerKeep = Keep<BreakerPiece, StandingBreaker>

export interface BreakerKeepIo {
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => number
  readonly random: () => number
}

export const createBreakerKeep = ({ log, metrics, now, random }: BreakerKeepIo): BreakerKeep => {
  const clock = createBreakerClock()
  return createKeep(({ config, route, upstream, address }: BreakerPiece) => {
    let since: string | null = null
    const labels = { route: route ?? '', upstream, address: address ?? '' }
    const onTransition = (to: BreakerState): void => {
      since = new Date().toISOString()
      const label = to === 'halfOpen' ? 'half_open' : to
      metrics.counter('breaker_transitions_total', { ...labels, to: label }).value += 1
      log.warn('breaker_transition', { route, upstream, address, to })
    }
    const breaker = createLazyBreaker(() =>
      createBreaker(config, { clock, now, random, onTransition }),
    )
    return { breaker, status: () => ({ route, upstream, address, state: breaker.state(), since }) }
  })
}

const routeKey = ({ id }: Route): string => `route ${id}`
const upstreamKey = (name: string): string => `upstream ${name}`

/** Routes whose modern target nobody is sent to but testers, by force, have nothing to count. */
const mayAskModern = ({ stage, modern }: Route): boolean =>
  modern !== null && plans[stage].primary !== 'legacy'

/** The breakers that a config asks for. */
export const breakerPieces = ({ upstreams, routes }: Config): ReadonlyMap<string, BreakerPiece> => {
  const ofUpstreams = Object.values(upstreams).map(
    ({ name, breaker: config, urls }): [string, BreakerPiece] => {
      const address = urls.length === 1 ? (urls[0] ?? null) : null
      return [upstreamKey(name), { config, route: null, upstream: name, address }]
    },
  )
  const ofRoutes = routes.filter(mayAskModern).map((route): [string, BreakerPiece] => {
    const { id, breaker: config, modern } = route
    return [routeKey(route), { config, route: id, upstream: modern ?? '', address: null }]
  })
  return new Map([...ofUpstreams, ...ofRoutes])
}

export interface Breakers {
  /** Of a route's modern target; null where nothing is counted. */
  ofRoute(route: Route): Breaker | null
  /** Null for handlers, which have one for each route. */
  ofUpstream(name: string): Breaker | null
  readonly blocked: Conditions['blocked']
}

/** The breakers of one snapshot. */
export const createBreakers = (parts: ReadonlyMap<string, StandingBreaker>): Breakers => {
  const ofRoute = (route: Route): Breaker | null => parts.get(routeKey(route))?.breaker ?? null
  const ofUpstream = (name: string): Breaker | null => parts.get(upstreamKey(name))?.breaker ?? null
  const blocks = (route: Route, target: Target): boolean => {
    if (target === 'modern' && ofRoute(route)?.blocks() === true) return true
    return ofUpstream(route[target] ?? '')?.blocks() === true
  }
  return {
    ofRoute,
    ofUpstream,
    blocked: (route, target) => (blocks(route, target) ? 'breaker' : null),
  }
}
