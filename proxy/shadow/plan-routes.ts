/** Which routes of a snapshot are shadowed, and how their targets are asked. */
import type { Rule } from '../compare/rule.ts'
import { rulesOf } from '../compare/rules-of.ts'
import type { Config, Route } from '../config/config.ts'
import { plans, type Target } from '../stage.ts'
import { failure } from '../targets/failure.ts'
import type { Lanes } from '../targets/lanes/lanes.ts'
import { withRewriting } from '../targets/rewriting/with-rewriting.ts'
import type { Send } from '../targets/send.ts'
import type { Upstream } from '../targets/upstream.ts'
import { createEpoch, createEpochs, type EpochOf, type EpochParts } from './epoch.ts'
import type { ShadowRoute, ShadowTarget } from './shadow-route.ts'
import type { ShedReason } from './shed.ts'
import { createWatch, holdSnapshot } from './writes/watch.ts'
import { guardsWrites, watchKind } from './writes/watch-kind.ts'

export interface PlanParts {
  readonly config: Config
  /** Upstreams as shadows ask them. */
  readonly upstreams: ReadonlyMap<string, Upstream>
  /** How many shadows may ask one upstream at once. */
  readonly upstreamPlaces: number
  /** Handlers as shadows ask them; null: they are not shadowed. */
  readonly lanes: HandlerLanes | null
  /** Names the code of the handlers. */
  readonly build: string | null
  /** Names of the routes that the handlers have; null: nobody knows. */
  readonly handled: ReadonlySet<string> | null
  isLegacyBlocked(route: Route): boolean
}

const missing: Send = () => Promise.reject(failure('handler_missing', 'modern', 'none'))

export interface HandlerLanes extends Pick<ShadowTarget, 'places' | 'queueMs' | 'within'> {
  /** Those that read, and those of routes that write; absent: nobody watches what they do. */
  readonly watched?: { readonly reading: Lanes; readonly writing: Lanes }
}

const handlersOf = ({ config, lanes, handled }: PlanParts, route: Route): ShadowTarget | null => {
  if (lanes === null) return null
  const kind = watchKind(route)
  const pool = lanes.watched?.[kind === 'read' ? 'reading' : 'writing']
  // Unwatched, what writes would be executed.
  if (kind !== 'read' && pool === undefined) return null
  // The application would answer 404 for a route that it does not have.
  const isMissing = handled?.has(route.id) === false
  return {
    name: kind === 'read' ? 'handlers' : 'handlers that write',
    places: lanes.places,
    maxMs: config.handlers.timeoutMs,
    queueMs: lanes.queueMs,
    sheds: { connection_limit_reached: 'queue_full', destination_unavailable: 'lanes' },
    whyNot: () => (pool?.isResting() === true ? 'lanes' : null),
    within: isMissing ? () => missing : (pool ?? lanes).within,
    ...(isMissing || pool === undefined
      ? {}
      : { watch: (terms = { kind }) => createWatch(pool, terms) }),
  }
}

const targetOf = (parts: PlanParts, route: Route, target: Target): ShadowTarget | null => {
  const name = route[target]
  if (name === null) return null
  const [written, upstream] = [parts.config.upstreams[name], parts.upstreams.get(name)]
  if (written === undefined || upstream === undefined) return handlersOf(parts, route)
  const { rewriting } = route
  const make = (): Send => {
    const plain = upstream.send(target)
    return rewriting == null ? plain : withRewriting(plain, rewriting, written)
  }
  let send: Send | null = null
  return {
    name: `upstream:${name}`,
    places: parts.upstreamPlaces,
    maxMs: written.timeouts.totalMs,
    queueMs: 0,
    sheds: { connection_limit_reached: 'queue_full' },
    // Of thousands of routes few are sampled before the next reload.
    within() {
      send ??= make()
      return send
    },
  }
}

/** Without effects nothing is known to be safe; what writes unguarded would be executed twice. */
export const isShadowed = (route: Route): boolean =>
  plans[route.stage].shadow !== null &&
  route.sampleBp > 0 &&
  (route.effects === 'read' || guardsWrites(route))

/** One value for all that say nothing of it, which is then named once. */
const noRules: EpochParts['rules'] = Object.freeze({ rules: [] })

const judgingOf = (
  rules: readonly Rule[],
  route: Route,
  { shadow }: Config,
): EpochParts['rules'] => {
  const { rewriting = null, repeatable = false, sessionCookies = [] } = route
  const kind = watchKind(route)
  const isPlain = rules.length === 0 && rewriting === null && kind === 'read' && !repeatable
  // What says nothing is left out, so that evidence of before there was such a key still counts.
  const { egress = [] } = route.modern === 'handlers' ? (shadow ?? {}) : {}
  const own = Object.entries({ sessionCookies, egress }).filter(([, list]) => list.length > 0)
  return isPlain && own.length === 0
    ? noRules
    : { rules, rewriting, kind, repeatable, ...Object.fromEntries(own) }
}

/** A lane that is taken is free again in a moment; one that cannot be started is not. */
const whyNoLane = ({ status }: Pick<Lanes, 'status'>): ShedReason =>
  status().problem === null ? 'lanes_taken' : 'lanes'

/** One route, whether it is shadowed or not. */
export const planRoute = (
  parts: PlanParts,
  route: Route,
  epochOf: EpochOf = createEpoch,
): ShadowRoute => {
  const { config, build, lanes, isLegacyBlocked } = parts
  const targets = {
    legacy: targetOf(parts, route, 'legacy'),
    modern: targetOf(parts, route, 'modern'),
  }
  const rules = rulesOf(config, route)
  const about: EpochParts = {
    build: route.modern === 'handlers' && targets.modern !== null ? build : null,
    rules: judgingOf(rules, route, config),
    legacy: config.upstreams[route.legacy ?? ''] ?? null,
    modern: config.upstreams[route.modern ?? ''] ?? null,
  }
  const epoch = epochOf(about)
  const isBlocked = (): boolean => isLegacyBlocked(route)
  const plan = { route, epoch, about, rules, targets, isLegacyBlocked: isBlocked }
  const writing = lanes?.watched?.writing
  const isWatched = targets.modern?.watch !== undefined && watchKind(route) === 'capture'
  if (writing === undefined || !isWatched) return plan
  return { ...plan, hold: () => holdSnapshot(writing) ?? whyNoLane(writing) }
}

/** By the ids of the routes; those that are not shadowed, or lack a target, are not there. */
export const planRoutes = (parts: PlanParts): ReadonlyMap<string, ShadowRoute> => {
  const epochOf = createEpochs()
  const planned = parts.config.routes
    .filter(isShadowed)
    .map((route) => planRoute(parts, route, epochOf))
  const isWhole = ({ targets }: ShadowRoute): boolean =>
    targets.legacy !== null && targets.modern !== null
  return new Map(planned.filter(isWhole).map((plan) => [plan.route.id, plan]))
}
