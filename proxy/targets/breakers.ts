/** The breakers of a process: which there are, what they say of themselves, what they block. */
import type { BreakerState } from '../admin/status.ts'
import type { BreakerConfig, Config, Route } from '../config/config.ts'
import type { Conditions } from '../routing/choose.ts'
import { plans } from '../stage.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { createBreakerClock } from './breaker-clock.ts'
import { createKeep, type Keep } from './keep.ts'
import { createLazyBreaker } from './lazy-breaker.ts'
import type { StandingBreaker } from './standing-breaker.ts'
import type { Upstream } from './upstream.ts'

/** Whose breaker it is: a route's modern target, or (`route` null) an address of an upstream. */
export interface BreakerPiece {
  readonly config: BreakerConfig
  readonly route: string | null
  readonly upstream: string
  readonly address: string | null
}

export type BreakerKeep = Keep<BreakerPiece, StandingBreaker>

export interface BreakerKeepIo {
  readonly log: Log
  readonly metrics: Metrics
  readonly now: () => number
  readonly random: () => number
}

export type MakeBreaker = (piece: BreakerPiece) => StandingBreaker

/** Breakers that log and count what they do; all of them turn by one clock. */
export const createMakeBreaker = ({ log, metrics, now, random }: BreakerKeepIo): MakeBreaker => {
  const clock = createBreakerClock()
  return ({ config, route, upstream, address }) => {
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
  }
}

/** Those of the routes. An upstream holds those of its addresses. */
export const createBreakerKeep = (make: MakeBreaker): BreakerKeep => createKeep(make)

/** Routes whose modern target nobody is sent to but testers, by force, have nothing to count. */
const mayAskModern = ({ stage, modern }: Route): boolean =>
  modern !== null && plans[stage].primary !== 'legacy'

/** The breakers of the routes that a config asks for, by id. */
export const breakerPieces = ({ routes }: Config): ReadonlyMap<string, BreakerPiece> =>
  new Map(
    routes.filter(mayAskModern).map(({ id, breaker: config, modern }) => {
      return [id, { config, route: id, upstream: modern ?? '', address: null }]
    }),
  )

export interface Breakers {
  /** Of a route's modern target; null where nothing is counted. */
  ofRoute(route: Route): Breaker | null
  readonly blocked: Conditions['blocked']
}

/**
 * What the breakers of one snapshot block, and what health does.
 *
 * @param upstreams by name; handlers have a breaker for each route, and none of their own
 */
export const createBreakers = (
  ofRoutes: ReadonlyMap<string, StandingBreaker>,
  upstreams: ReadonlyMap<string, Pick<Upstream, 'blocked'>>,
): Breakers => {
  const ofRoute = ({ id }: Route): Breaker | null => ofRoutes.get(id)?.breaker ?? null
  return {
    ofRoute,
    blocked(route, target) {
      if (target === 'modern' && ofRoute(route)?.blocks() === true) return 'breaker'
      return upstreams.get(route[target] ?? '')?.blocked() ?? null
    },
  }
}
