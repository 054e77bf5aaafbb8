/** What would be allowed by the shape and could still do harm. */
import { rotatingCookies } from '../../shadow/session-cookie.ts'
import { plans } from '../../stage.ts'
import { safeCauses } from '../built-in.ts'
import type { Route } from '../config.ts'
import { fault } from '../diagnostics.ts'
import { type Draft, isSafe, placeOf, type RouteDraft } from '../draft.ts'
import { formatDuration } from '../units.ts'
import {
  type Check,
  eachRoute,
  inMain,
  type PlacedFault,
  type RouteCheck,
  routeCheck,
} from './check.ts'

const readOnUnsafe = routeCheck(['effects', 'match'], ({ route, own, merged }) =>
  route.redirect == null &&
  merged.effects === 'read' &&
  own.effects === undefined &&
  !isSafe(route.match)
    ? {
        at: [],
        fault: fault(
          'readOnUnsafe',
          'effects: read is not inherited by a route that matches unsafe methods',
          'say effects on the route itself: read, idempotentWrite or write',
        ),
      }
    : null,
)

const unsafeFallback: RouteCheck = {
  reads: ['fallbackOn', 'effects', 'match'],
  judge: ({ route }) =>
    route.effects === 'read'
      ? []
      : route.fallbackOn.flatMap((cause, i) => {
          if (safeCauses.includes(cause)) return []
          const effects = route.effects ?? 'a route without effects'
          const hint = `only these prove that nothing was done: ${safeCauses.join(', ')}`
          const message = `${effects} may not fall back on ${cause}`
          return [{ at: ['fallbackOn', i], fault: fault('unsafeFallback', message, hint) }]
        }),
}

/** How long a call of the target may take at most, and which key says so. */
const longestCall = (route: Route, { config }: Draft): readonly [number, string] | null => {
  if (route.modern === null) return null
  if (route.modern === 'handlers') return [config.handlers.timeoutMs, 'handlers.timeout']
  const upstream = Object.hasOwn(config.upstreams, route.modern)
    ? config.upstreams[route.modern]
    : undefined
  return upstream === undefined
    ? null
    : [upstream.timeouts.totalMs, `upstreams.${upstream.name}.timeouts.total`]
}

const resetHint = 'no answer from before the outage may meet a breaker on trial'

const resetTooSoon = routeCheck(['breaker', 'modern'], ({ route }, draft) => {
  const longest = longestCall(route, draft)
  if (longest === null || route.breaker.resetAfterMs > longest[0]) return null
  const message = `breaker.resetAfter must be longer than ${longest[1]}, ${formatDuration(longest[0])}`
  return { at: ['breaker', 'resetAfter'], fault: fault('resetTooSoon', message, resetHint) }
})

const upstreamResets: Check = (draft) =>
  Object.values(draft.config.upstreams).flatMap(({ name, breaker, timeouts }): PlacedFault[] => {
    if (breaker.resetAfterMs > timeouts.totalMs) return []
    const own = ['upstreams', name, 'breaker', 'resetAfter']
    const path = draft.main.yaml.has(own) ? own : ['upstreams', name, 'timeouts', 'total']
    const message = `breaker.resetAfter, ${formatDuration(breaker.resetAfterMs)}, must be longer than timeouts.total, ${formatDuration(timeouts.totalMs)}`
    return [inMain(draft, path, fault('resetTooSoon', message, resetHint))]
  })

const writesElsewhere = routeCheck(['writes', 'modern'], ({ route }) =>
  route.writes === 'off' || route.modern === null || route.modern === 'handlers'
    ? null
    : {
        at: ['writes'],
        fault: fault(
          'writesElsewhere',
          `the writes of upstream "${route.modern}" cannot be captured`,
          'writes: off; only modern: handlers runs where Banyan holds the database connection',
        ),
      },
)

const rotatingCallerKey: RouteCheck = {
  reads: ['caller'],
  judge: ({ route }) =>
    route.caller.flatMap(({ from, name }, i) =>
      from === 'cookie' && rotatingCookies.includes(name)
        ? [
            {
              at: ['caller', i],
              fault: fault(
                'rotatingCallerKey',
                `${name} changes at login, and the caller would change sides`,
                'take a key that stays, such as claim:sub, header:x-user-id or cookie:uid',
              ),
            },
          ]
        : [],
    ),
}

/** `/api/v2/cart/:id` → `/api/v2/cart`: what every route shares says nothing of shared state. */
const prefixOf = ({ route }: RouteDraft): string => {
  const { host, path } = route.match
  const [prefix = '/'] = /^(\/(api|v\d+))*\/[^/:*]*/.exec(path) ?? []
  return `${host ?? ''}${prefix}`
}

const splitsWrites = ({ route }: RouteDraft): boolean =>
  plans[route.stage].primary === 'split' && route.effects !== 'read' && route.match.path !== ''

/** A cart filled on one side and checked out on the other. */
const splitWrites: Check = (draft) => {
  const writing = draft.routes.filter(splitsWrites)
  return writing.flatMap((draftRoute): PlacedFault[] => {
    const prefix = prefixOf(draftRoute)
    const other = writing.find(
      (one) => prefixOf(one) === prefix && one.route.cohort !== draftRoute.route.cohort,
    )
    if (other === undefined) return []
    const message = `${draftRoute.route.id} and ${other.route.id} write under ${prefix} and split their callers differently`
    const hint = 'give both the same cohort, so that a caller meets one side only'
    return [{ fault: fault('splitWrites', message, hint), place: placeOf(draft, draftRoute, []) }]
  })
}

export const safetyChecks: readonly Check[] = [
  eachRoute([readOnUnsafe, unsafeFallback, resetTooSoon, writesElsewhere, rotatingCallerKey]),
  upstreamResets,
  splitWrites,
]
