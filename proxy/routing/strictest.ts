/** Which of several routes is the strictest: the one that the config says most about. */
import type { Match, Route } from '../config/config.ts'
import { stages } from '../stage.ts'
import { parsePattern } from './pattern.ts'
import { compareRank } from './rank.ts'

/** An end is nearer to a name than to a `*`, which takes more than one path. */
const places = { literal: 0, name: 1, end: 2, rest: 3 } as const

const placesOf = ({ path }: Match): readonly number[] =>
  parsePattern(path).map((segment) => places[segment.is])

const compareHosts = (a: Match, b: Match): number => {
  const rank = ({ host }: Match): number => (host === null ? 2 : Number(host.startsWith('*.')))
  return rank(a) - rank(b)
}

const comparePaths = (a: Match, b: Match): number => {
  const [left, right] = [placesOf(a), placesOf(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? places.end) - (right[i] ?? places.end)
    if (difference !== 0) return difference
  }
  return 0
}

const compareStages = (a: Route, b: Route): number =>
  stages.indexOf(a.stage) - stages.indexOf(b.stage)

/** Negative when `a` is stricter: host, path, method, headers, query as in matching; then stage. */
const compareStrictness = (a: Route, b: Route): number =>
  compareHosts(a.match, b.match) ||
  comparePaths(a.match, b.match) ||
  compareRank(a, b) ||
  compareStages(a, b)

/**
 * The strictest of the routes that a request may be meant for: no route at all before any, then the
 * most specific, by the order of matching whatever the paths, then the one that is nearest to the
 * stage `legacy`; the first one given where nothing tells them apart.
 */
export const strictestOf = (routes: readonly [Route | null, ...(Route | null)[]]): Route | null =>
  routes.reduce((best, other) => {
    if (best === null || other === null) return null
    return compareStrictness(other, best) < 0 ? other : best
  })
