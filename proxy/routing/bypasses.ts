/** The ways round a route table: spellings that Banyan and legacy take for different routes. Pure. */
import type { Config, Route } from '../config/config.ts'
import { createFindAmbiguity, type FindAmbiguity } from './ambiguity.ts'
import { canonicalPath } from './canonical.ts'
import { createMatcher, type Matcher, type Question } from './match.ts'
import type { Normaliser } from './normalise/profiles.ts'
import { parsePattern } from './pattern.ts'
import { spellingsOf } from './spellings.ts'

/** A request that Banyan gives to one route and legacy answers as another. */
export interface Bypass {
  /** The route that is walked round. */
  readonly route: string
  readonly spelling: string
  /** Who reads the spelling as that route. */
  readonly profile: Normaliser
  /** The route that takes the request, with its stage, its kills, its target. */
  readonly takenBy: string
}

/** A path that a pattern takes; null where it begins with no literal segment to walk round. */
const examplePath = ({ match }: Route): string | null => {
  const segments = parsePattern(match.path)
  const [first] = segments
  if (first?.is !== 'literal' || !/^[!-~]*[a-z][!-~]*$/i.test(first.text)) return null
  const path = segments.map((each) => (each.is === 'literal' ? each.text : 'x')).join('/')
  return /^[!-~]+$/.test(path) ? `/${path}` : null
}

const questionOf = ({ match }: Route, url: string): Question => {
  const query = Object.entries(match.query).map(([name, value]) => [name, value ?? '1'] as const)
  const search = query.length === 0 ? '' : `?${new URLSearchParams(Object.fromEntries(query))}`
  return {
    method: match.methods[0] ?? 'GET',
    host: match.host?.replace('*', 'x') ?? '',
    path: canonicalPath(url),
    url: `${url}${search}`,
    headers: Object.entries(match.headers).flatMap(([name, value]) => [name, value ?? '1']),
  }
}

/** Whether the same legacy answers both and nothing else does: then there is no way round. */
const answersAlike = (a: Route, b: Route): boolean =>
  a.stage === 'legacy' && b.stage === 'legacy' && a.legacy === b.legacy

const bypassBy = (
  route: Route,
  spelling: string,
  { match }: Matcher,
  findAmbiguity: FindAmbiguity,
): Bypass | null => {
  const asked = questionOf(route, spelling)
  const taker = match(asked)
  if (taker === null || taker === route || answersAlike(taker, route)) return null
  const found = findAmbiguity(asked, taker)
  const reading = found?.readings.find((each) => each.route === route)
  // What is refused, or given to the strictest route, walks round nothing.
  if (reading === undefined || found?.policy !== 'report') return null
  return { route: route.id, spelling, profile: reading.profile, takenBy: taker.id }
}

/**
 * Tries the usual spellings of every route that begins with a literal segment, and tells which of
 * them legacy would take for that route although Banyan gives them to another. There are none where
 * a route says `onAmbiguousPath: reject` or `strictest`, and none between routes that are both at
 * stage `legacy` with the same upstream.
 *
 * @param most how many routes to try, the first ones of the config
 */
export const findBypasses = (
  config: Pick<Config, 'routes' | 'upstreams'>,
  most: number = Number.POSITIVE_INFINITY,
): readonly Bypass[] => {
  const matcher = createMatcher(config.routes)
  const findAmbiguity = createFindAmbiguity(config, matcher)
  return config.routes.slice(0, most).flatMap((route) => {
    const path = examplePath(route)
    if (path === null) return []
    return spellingsOf(path).flatMap(
      (spelling) => bypassBy(route, spelling, matcher, findAmbiguity) ?? [],
    )
  })
}
