/** Which routes of a snapshot are shadowed, and how their targets are asked. */
import { rulesOf } from '../compare/rules-of.ts'
import type { Config, Route } from '../config/config.ts'
import { plans, type Target } from '../stage.ts'
import { failure } from '../targets/failure.ts'
import { withRewriting } from '../targets/rewriting/with-rewriting.ts'
import type { Send } from '../targets/send.ts'
import type { Upstream } from '../targets/upstream.ts'
import { createEpoch, type EpochParts } from './epoch.ts'
import type { ShadowRoute, ShadowTarget } from './shadow-route.ts'

export interface PlanParts {
  readonly config: Config
  /** Upstreams as shadows ask them. */
  readonly upstreams: ReadonlyMap<string, Upstream>
  /** How many shadows may ask one upstream at once. */
  readonly upstreamPlaces: number
  /** Handlers as shadows ask them; null: they are not shadowed. */
  readonly lanes: Pick<ShadowTarget, 'places' | 'queueMs' | 'within'> | null
  /** Names the code of the handlers. */
  readonly build: string | null
  /** Names of the routes that the handlers have; null: nobody knows. */
  readonly handled: ReadonlySet<string> | null
  isLegacyBlocked(route: Route): boolean
}

const missing: Send = () => Promise.reject(failure('handler_missing', 'modern', 'none'))

const handlersOf = ({ config, lanes, handled }: PlanParts, { id }: Route): ShadowTarget | null =>
  lanes && {
    name: 'handlers',
    places: lanes.places,
    maxMs: config.handlers.timeoutMs,
    queueMs: lanes.queueMs,
    sheds: { connection_limit_reached: 'queue_full', destination_unavailable: 'lanes' },
    // The application would answer 404 for a route that it does not have.
    within: handled?.has(id) === false ? () => missing : lanes.within,
  }

const targetOf = (parts: PlanParts, route: Route, target: Target): ShadowTarget | null => {
  const name = route[target]
  if (name === null) return null
  const [written, upstream] = [parts.config.upstreams[name], parts.upstreams.get(name)]
  if (written === undefined || upstream === undefined) return handlersOf(parts, route)
  const { rewriting } = route
  const plain = upstream.send(target)
  const send = rewriting == null ? plain : withRewriting(plain, rewriting, written)
  return {
    name: `upstream:${name}`,
    places: parts.upstreamPlaces,
    maxMs: written.timeouts.totalMs,
    queueMs: 0,
    sheds: { connection_limit_reached: 'queue_full' },
    within: () => send,
  }
}

/** Without effects nothing is known to be safe; what writes would be executed twice. */
export const isShadowed = ({ stage, effects, sampleBp }: Route): boolean =>
  plans[stage].shadow !== null && effects === 'read' && sampleBp > 0

/** By the ids of the routes; those that are not shadowed are not there. */
export const planRoutes = (parts: PlanParts): ReadonlyMap<string, ShadowRoute> => {
  const { config, build, isLegacyBlocked } = parts
  const planOf = (route: Route): ShadowRoute | null => {
    const targets = {
      legacy: targetOf(parts, route, 'legacy'),
      modern: targetOf(parts, route, 'modern'),
    }
    if (targets.legacy === null || targets.modern === null) return null
    const rules = rulesOf(config, route)
    const about: EpochParts = {
      build: targets.modern.name === 'handlers' ? build : null,
      rules: { rules, rewriting: route.rewriting ?? null },
      legacy: config.upstreams[route.legacy ?? ''] ?? null,
      modern: config.upstreams[route.modern ?? ''] ?? null,
    }
    const epoch = createEpoch(about)
    return { route, epoch, about, rules, targets, isLegacyBlocked: () => isLegacyBlocked(route) }
  }
  const planned = config.routes
    .filter(isShadowed)
    .map((route) => [route.id, planOf(route)] as const)
  return new Map(planned.flatMap(([id, plan]) => (plan === null ? [] : [[id, plan]])))
}
