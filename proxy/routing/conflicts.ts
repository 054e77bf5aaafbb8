/** Routes that stand in each other's way, found before they serve. Pure. */
import type { Route } from '../config/config.ts'
import { compareRank, covers, overlap } from './rank.ts'

type Groups = ReadonlyMap<string, readonly Route[]>

/** Two routes neither of which goes first, though a request exists that both take. */
export type Tie = readonly [Route, Route]

/** A route that no request can reach, and the routes that take its requests. */
export interface Unreachable {
  readonly route: Route
  readonly by: readonly Route[]
}

/** Names of segments make no difference to what a pattern matches. */
const shapeOf = (route: Route): string =>
  `${route.match.host ?? ''} ${route.match.path.replace(/\/:[^/]+/g, '/:')}`

const groupByShape = (routes: readonly Route[]): Groups => {
  const groups = new Map<string, Route[]>()
  for (const route of routes) {
    const shape = shapeOf(route)
    const group = groups.get(shape)
    if (group === undefined) groups.set(shape, [route])
    else group.push(route)
  }
  return groups
}

/** Every pair of routes that tie, in the order of the config. */
export const findTies = (routes: readonly Route[]): readonly Tie[] =>
  [...groupByShape(routes).values()].flatMap((group) =>
    group.flatMap((a, i) =>
      group
        .slice(i + 1)
        .filter((b) => compareRank(a, b) === 0 && overlap(a, b))
        .map((b): Tie => [a, b]),
    ),
  )

/** The routes that take all of what ends in `*` here, for one method; null: some is left. */
const coverRest = (
  groups: Groups,
  prefix: string,
  route: Route,
  method: string | null,
): readonly Route[] | null => {
  const find = (shape: string): Route | undefined =>
    groups.get(shape)?.find((other) => other !== route && covers(other, route, method))
  const one = find(`${prefix}/:`)
  const none = find(`${prefix}/`)
  if (one === undefined || none === undefined) return null
  const rest = find(`${prefix}/:/*`)
  const deeper = rest === undefined ? coverRest(groups, `${prefix}/:`, route, method) : [rest]
  return deeper === null ? null : [none, one, ...deeper]
}

const coverOne = (groups: Groups, route: Route, method: string | null): readonly Route[] | null => {
  const shape = shapeOf(route)
  const before = groups
    .get(shape)
    ?.find((other) => compareRank(other, route) < 0 && covers(other, route, method))
  if (before !== undefined) return [before]
  return shape.endsWith('/*') ? coverRest(groups, shape.slice(0, -2), route, method) : null
}

/**
 * Every route all of whose requests go to more specific ones: its own path and host taken, method
 * by method, or all that its `*` stands for. Routes that tie are not found here.
 */
export const findUnreachable = (routes: readonly Route[]): readonly Unreachable[] => {
  const groups = groupByShape(routes)
  return routes.flatMap((route) => {
    const methods = route.match.methods.length === 0 ? [null] : route.match.methods
    const covering = methods.map((method) => coverOne(groups, route, method))
    if (covering.includes(null)) return []
    return [{ route, by: [...new Set(covering.flatMap((by) => by ?? []))] }]
  })
}
