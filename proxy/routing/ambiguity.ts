/**
 * Requests whose path another reader takes for another route than Banyan does. A rule that stands on
 * a route (its target, its stage, its kill) can be walked round with such a spelling.
 */
import type { AmbiguityPolicy, Config, Route } from '../config/config.ts'
import { escapedPath } from './canonical.ts'
import { createMatcher, type Matcher, type Question } from './match.ts'
import {
  foldPattern,
  type Normaliser,
  type Profile,
  profiles,
  readingsOf,
  touchesOf,
} from './normalise/profiles.ts'
import { strictestOf } from './strictest.ts'

/** What one normaliser makes of a request. */
export interface Reading {
  readonly profile: Normaliser
  readonly path: string
  /** Null: no route takes that path, though legacy may have an answer. */
  readonly route: Route | null
}

export interface Ambiguity {
  /** Those that lead to another route than the canonical path. */
  readonly readings: readonly [Reading, ...Reading[]]
  /** The strictest `onAmbiguousPath` of all routes that the request may be meant for. */
  readonly policy: AmbiguityPolicy
  /** Where the request goes; null: nowhere. At `reject` it is answered 400. */
  readonly route: Route | null
}

/** Null: everybody reads the request alike. Never throws. */
export type FindAmbiguity = (asked: Question, route: Route) => Ambiguity | null

/** A profile over a route table. */
interface Reader {
  readonly name: Normaliser
  readonly profile: Profile
  readonly matcher: Matcher
  /** Whether it reads patterns as Banyan does: a path that nothing touches then needs no look. */
  readonly isPlain: boolean
}

/** The readers of the upstreams that a route may send to. */
interface Readers {
  readonly all: readonly Reader[]
  /** Most paths: nothing in them is touched by any step, whatever stands beside it. */
  readonly ordinary: RegExp
  /** Finds something in every path that one of them might take for another route. */
  readonly unusual: RegExp
}

/** What the canonical path itself changes, see `canonicalPath`. */
const touchedByAll = '^[^/]|[%#\\u0080-\\uffff]|//|/\\.'

const policies: readonly AmbiguityPolicy[] = ['report', 'strictest', 'reject']

const policyOf = (routes: readonly (Route | null)[]): AmbiguityPolicy =>
  policies.findLast((policy) => routes.some((route) => route?.onAmbiguousPath === policy)) ??
  'report'

const ambiguityOf = (route: Route, readings: Ambiguity['readings']): Ambiguity => {
  const policy = policyOf([route, ...readings.map((reading) => reading.route)])
  const destinations: Readonly<Record<AmbiguityPolicy, () => Route | null>> = {
    report: () => route,
    strictest: () => strictestOf([route, ...readings.map((reading) => reading.route)]),
    reject: () => null,
  }
  return { readings, policy, route: destinations[policy]() }
}

/** Names of segments make no difference. */
const shapeOf = (profile: Profile, { match }: Route): string =>
  foldPattern(profile, match.path).replace(/\/:[^/]+/g, '/:')

/** Whether a table that has both routes has said itself what each of the two spellings is. */
const areSame = (profile: Profile, a: Route, b: Route | null): boolean =>
  a === b || (b !== null && shapeOf(profile, a) === shapeOf(profile, b))

const createReaderMaker = (
  routes: readonly Route[],
  matcher: Matcher,
): ((name: Normaliser) => Reader) => {
  const byId = new Map(routes.map((route) => [route.id, route]))
  return (name) => {
    const profile = profiles[name]
    const folded = routes.map((route) => {
      const path = foldPattern(profile, route.match.path)
      return path === route.match.path ? route : { ...route, match: { ...route.match, path } }
    })
    const isPlain = folded.every((route, i) => route === routes[i])
    if (isPlain) return { name, profile, matcher, isPlain }
    const own = createMatcher(folded)
    const match: Matcher['match'] = (asked) => byId.get(own.match(asked)?.id ?? '') ?? null
    return { name, profile, matcher: { match }, isPlain }
  }
}

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~@=,-']

const readersOf = (all: readonly Reader[]): Readers => {
  // Where patterns are read otherwise, the plainest path may belong to another route.
  if (all.some(({ isPlain }) => !isPlain)) return { all, ordinary: /(?!)/, unusual: /^/ }
  const touches = [touchedByAll, ...all.map(({ profile }) => touchesOf(profile))]
  const unusual = new RegExp(touches.join('|'))
  const safe = letters.filter((letter) => !unusual.test(`/${letter}`))
  return { all, ordinary: new RegExp(`^(?:/[${safe.join('')}]+)+$`), unusual }
}

type Tables = Pick<Config, 'routes' | 'upstreams'>

/** Names of the normalisers of every upstream that a route may send to, each once. */
const namesFor = ({ legacy, modern }: Route, { upstreams }: Tables): readonly Normaliser[] => {
  const first = upstreams[legacy ?? '']?.normaliser ?? []
  const second = upstreams[modern ?? '']?.normaliser ?? []
  return second.length === 0 ? first : [...new Set([...first, ...second])]
}

const createReadersFor = (config: Tables, matcher: Matcher): ReadonlyMap<string, Readers> => {
  const makeReader = createReaderMaker(config.routes, matcher)
  const made = new Map<Normaliser, Reader>()
  const sets = new Map<string, Readers>()
  const readerOf = (name: Normaliser): Reader => {
    const reader = made.get(name) ?? makeReader(name)
    made.set(name, reader)
    return reader
  }
  const readersFor = (names: readonly Normaliser[]): Readers => {
    const key = names.join(' ')
    const readers = sets.get(key) ?? readersOf(names.map(readerOf))
    sets.set(key, readers)
    return readers
  }
  const named = config.routes.map((route) => [route.id, namesFor(route, config)] as const)
  return new Map(
    named.filter(([, names]) => names.length > 0).map(([id, names]) => [id, readersFor(names)]),
  )
}

const readBy = (reader: Reader, asked: Question, escaped: string): readonly Reading[] =>
  readingsOf(reader.profile, escaped)
    .filter((path) => !(reader.isPlain && path === asked.path))
    .map((path) => ({
      profile: reader.name,
      path,
      route: reader.matcher.match({ ...asked, path }),
    }))

/**
 * Compiles a route table with the normalisers of its upstreams. What most requests look like costs
 * one expression over the path.
 *
 * A path that a pattern writes out as it came is read as it stands: the config has named it.
 *
 * @param matcher of the same routes
 */
export const createFindAmbiguity = (config: Tables, matcher: Matcher): FindAmbiguity => {
  const readersFor = createReadersFor(config, matcher)
  return (asked, route) => {
    const readers = readersFor.get(route.id)
    if (readers === undefined) return null
    const end = asked.url.indexOf('?')
    const raw = end === -1 ? asked.url : asked.url.slice(0, end)
    if (readers.ordinary.test(raw) || !readers.unusual.test(raw)) return null
    if (raw === route.match.path) return null
    const escaped = escapedPath(asked.url)
    const [first, ...others] = readers.all.flatMap((reader) =>
      readBy(reader, asked, escaped).filter(
        (reading) => !areSame(reader.profile, route, reading.route),
      ),
    )
    return first === undefined ? null : ambiguityOf(route, [first, ...others])
  }
}
