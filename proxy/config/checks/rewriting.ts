/** What a rewriting or a redirect may not say. */

import { isOwnFromClient } from '../../targets/forwarded.ts'
import { framesOrRoutes } from '../../targets/headers.ts'
import { fault } from '../diagnostics.ts'
import type { RouteDraft } from '../draft.ts'
import { type Check, eachRoute, type RouteCheck, type RouteFault, routeCheck } from './check.ts'

const bare = (prefix: string): string => prefix.replace(/\/$/, '')

/** Requests that the route takes and that do not begin so could not be sent on. */
const prefixElsewhere = routeCheck(['rewrite', 'match'], ({ route }) => {
  const from = bare(route.rewriting?.prefix?.from ?? '')
  const { path } = route.match
  const begins = path === from || path.startsWith(`${from}/`)
  if (begins) return null
  const hint = `the route's own path, ${path}, must begin with it, segment by segment`
  return {
    at: ['rewrite', 'prefix', 'from'],
    fault: fault('badMatch', `no request of this route begins with "${from}"`, hint),
  }
})

const halves: RouteCheck = {
  reads: ['rewrite', 'redirect'],
  judge: ({ merged }) => {
    const { prefix, location } = merged.rewrite ?? {}
    const pairs = [
      ...(prefix === undefined ? [] : [{ at: ['rewrite', 'prefix'], pair: prefix }]),
      ...(Array.isArray(location) ? location : []).map((pair, i) => ({
        at: ['rewrite', 'location', i],
        pair,
      })),
    ]
    return pairs
      .filter(({ pair }) => pair.from === undefined || pair.to === undefined)
      .map(({ at }) => ({ at, fault: fault('missingKey', 'it needs from and to') }))
  },
}

const isName = (name: string): boolean => /^[!#$%&'*+.^_`|~\w-]+$/.test(name)

const nameFault = (name: string, way: 'request' | 'answer'): RouteFault['fault'] | null => {
  const lower = name.toLowerCase()
  if (!isName(name)) return fault('badText', `"${name}" is no name of a header`)
  if (lower === 'host' && way === 'request')
    return fault(
      'notAllowed',
      'Host is not set here',
      'upstreams.NAME.host says what an upstream sees',
    )
  if (framesOrRoutes(lower) || lower === 'trailer')
    return fault('notAllowed', `${name} frames the message: Banyan alone may say it`)
  if (way === 'request' && isOwnFromClient(lower))
    return fault(
      'notAllowed',
      `${name} tells of the client: Banyan writes it, or takes it out`,
      'listen.trustedProxies says from whom it is believed',
    )
  return null
}

/** Every name that a route's header changes hold, with where it stands. */
const namesOf = ({ merged }: RouteDraft) =>
  (['request', 'answer'] as const).flatMap((way) => {
    const { set = {}, add = {}, remove = [] } = merged.headers?.[way] ?? {}
    return [
      ...Object.keys(set).map((name) => ({ way, name, at: ['headers', way, 'set', name] })),
      ...Object.keys(add).map((name) => ({ way, name, at: ['headers', way, 'add', name] })),
      ...remove.map((name, i) => ({ way, name, at: ['headers', way, 'remove', i] })),
    ]
  })

const headerNames: RouteCheck = {
  reads: ['headers'],
  judge: (route) =>
    namesOf(route).flatMap(({ way, name, at }): RouteFault[] => {
      const wrong = nameFault(name, way)
      return wrong === null ? [] : [{ at, fault: wrong }]
    }),
}

const redirectAlone = routeCheck(['redirect', 'stage', 'rollout'], ({ route, own }) => {
  if (route.redirect == null) return null
  if (route.redirect.to === '')
    return { at: ['redirect'], fault: fault('missingKey', 'a redirect needs to', 'to: https://…') }
  const besides = (['stage', 'rollout', 'rewrite', 'headers', 'modern'] as const).find(
    (key) => own[key] !== undefined,
  )
  return besides === undefined
    ? null
    : {
        at: [besides],
        fault: fault('notAllowed', `a redirect asks no target: ${besides} has nothing to say`),
      }
})

export const rewritingChecks: Check = eachRoute([
  prefixElsewhere,
  halves,
  headerNames,
  redirectAlone,
])
