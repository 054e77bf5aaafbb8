/** Routes against each other: every request has one route, every route some request. */

import { canonicalPath } from '../../routing/canonical.ts'
import { findTies, findUnreachable } from '../../routing/conflicts.ts'
import { createMatcher } from '../../routing/match.ts'
import type { Route } from '../config.ts'
import { fault, type Place } from '../diagnostics.ts'
import { type Draft, placeOf, type RouteDraft } from '../draft.ts'
import type { Check, PlacedFault } from './check.ts'

const matchable = ({ routes }: Draft): readonly RouteDraft[] =>
  routes.filter(({ route }) => route.match.path !== '')

const lineOf = ({ file, line }: Place): string => `${file}:${line}`

/** The same id in two files; within one file it is a duplicate key. */
const duplicates: Check = (draft) => {
  const first = new Map<string, RouteDraft>()
  return draft.routes.flatMap((one): PlacedFault[] => {
    const before = first.get(one.route.id)
    if (before === undefined) {
      first.set(one.route.id, one)
      return []
    }
    const message = `route "${one.route.id}" is already defined at ${lineOf(placeOf(draft, before, []))}`
    const hint = 'ids are unique over all files; rename one of them'
    return [{ fault: fault('duplicateRoute', message, hint), place: placeOf(draft, one, []) }]
  })
}

const draftFor = (draft: Draft, route: Route): RouteDraft | undefined =>
  draft.routes.find((one) => one.route === route)

const ties: Check = (draft) =>
  findTies(matchable(draft).map(({ route }) => route)).flatMap(([a, b]): PlacedFault[] => {
    const [one, other] = [draftFor(draft, a), draftFor(draft, b)]
    if (one === undefined || other === undefined || a.id === b.id) return []
    const where = lineOf(placeOf(draft, one, ['match']))
    const message = `"${b.id}" matches requests that "${a.id}" (${where}) matches as well, and neither is more specific`
    const hint = 'give one of them a method, host, header or query that the other has not'
    return [{ fault: fault('tie', message, hint), place: placeOf(draft, other, ['match']) }]
  })

const unreachable: Check = (draft) =>
  findUnreachable(matchable(draft).map(({ route }) => route)).flatMap(
    ({ route, by }): PlacedFault[] => {
      const one = draftFor(draft, route)
      if (one === undefined) return []
      const takers = by.map(({ id }) => id).join(', ')
      const message = `no request reaches "${route.id}": ${takers} take all of them`
      const hint = 'more specific routes go first; remove this one or make it match more'
      return [{ fault: fault('unreachable', message, hint), place: placeOf(draft, one, ['match']) }]
    },
  )

const examples: Check = (draft) => {
  const matcher = createMatcher(matchable(draft).map(({ route }) => route))
  return draft.routes.flatMap((one) =>
    one.route.examples.flatMap((example, i): PlacedFault[] => {
      if (one.broken.has('match') || one.route.match.path === '') return []
      const [method = '', url = ''] = example.split(' ')
      const { host, headers } = one.route.match
      const raw = Object.entries(headers).flatMap(([name, value]) => [name, value ?? '1'])
      const asked = {
        method,
        url,
        path: canonicalPath(url),
        host: host?.replace('*', 'x') ?? '',
        headers: raw,
      }
      const reached = matcher.match(asked)
      if (reached?.id === one.route.id) return []
      const message =
        reached === null ? 'this example matches no route' : `this example goes to "${reached.id}"`
      const hint = 'an example is a request that must reach its own route'
      const place = placeOf(draft, one, ['examples', i])
      return [{ fault: fault('exampleElsewhere', message, hint), place }]
    }),
  )
}

export const matchingChecks: readonly Check[] = [duplicates, ties, unreachable, examples]
