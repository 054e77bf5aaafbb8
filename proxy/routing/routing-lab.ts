/** Route tables and odd request targets for tests. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Config, Route } from '../config/config.ts'
import { plainUpstream } from '../edge/plain-config.ts'
import { createFindAmbiguity, type FindAmbiguity } from './ambiguity.ts'
import { canonicalPath } from './canonical.ts'
import { createMatcher, type Matcher, type Question } from './match.ts'
import type { Normaliser } from './normalise/profiles.ts'
import { plainRoute, type RouteChanges } from './plain-route.ts'

export interface PlainTable {
  readonly config: Pick<Config, 'routes' | 'upstreams'>
  readonly matcher: Matcher
  readonly find: FindAmbiguity
}

/** All routes go to one upstream with these normalisers. */
export const plainTable = (
  patterns: Readonly<Record<string, string>>,
  normaliser: readonly Normaliser[],
  changes: Readonly<Record<string, RouteChanges>> = {},
): PlainTable => {
  const routes = Object.entries(patterns).map(
    ([id, path]): Route => plainRoute(id, { match: { path }, ...changes[id] }),
  )
  const upstreams = { php: plainUpstream(['http://127.0.0.1:9'], { normaliser }) }
  const matcher = createMatcher(routes)
  return {
    config: { routes, upstreams },
    matcher,
    find: createFindAmbiguity({ routes, upstreams }, matcher),
  }
}

export const questionFor = (url: string): Question => ({
  method: 'GET',
  url,
  path: canonicalPath(url),
  host: '',
  headers: [],
})

/** The usual table: one page, one kind of them, one folder, the rest. */
export const usualPatterns: Readonly<Record<string, string>> = {
  home: '/',
  admin: '/admin',
  list: '/articles',
  feed: '/articles/feed',
  one: '/articles/:slug',
  files: '/files/*',
  rest: '/*',
}

/** What readers of paths disagree on. */
const pieces = [
  ...[
    '/',
    '/',
    '//',
    '.',
    '..',
    '/.',
    '/..',
    ';',
    ';v=1',
    '\\',
    ':',
    '::$DATA',
    '+',
    '*',
    '~',
    '(S(x))',
  ],
  ...[
    'a',
    'B',
    'admin',
    'Admin',
    'articles',
    'feed',
    'files',
    'index.php',
    '.json',
    'x',
    'http://h',
  ],
  ...['%2f', '%2F', '%5c', '%2e', '%2E', '%25', '%2541', '%61', '%3f', '%23', '%00', '%0a', '%20'],
  ...[
    '%c3%a9',
    '%e9',
    '%c0%af',
    '%u0061',
    '%ef%bc%8f',
    '%',
    '%zz',
    'é',
    '\u00ff',
    '🌳',
    '?',
    '?a=/b',
    '#',
  ],
]

export const oddTarget: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...pieces), { maxLength: 14 })
  .map((parts) => `/${parts.join('')}`)

/** A canonical path as a request target that can mean nothing else. */
export const plainTarget = (path: string): string =>
  path.replace(/[%?#]|[^\0-\u007f]/gu, (char) => encodeURIComponent(char))

/** That a path and its canonical form have one route, for many targets. */
export const assertOneRoute = (numRuns: number): void => {
  const { matcher } = plainTable(usualPatterns, [])
  fc.assert(
    fc.property(oddTarget, (target) => {
      const plain = plainTarget(canonicalPath(target))
      const [given, canonical] = [target, plain].map((url) => matcher.match(questionFor(url)))
      assert.equal(given?.id, canonical?.id)
    }),
    { numRuns },
  )
}
