/**
 * Finds the route of a request. The most specific route wins, whatever the order of the file:
 *
 *   1. host: exact, then `*.` with more labels before fewer, then none
 *   2. path, segment by segment from the left: literal, then `:name`, then the final `*`
 *   3. method: named before any, fewer before more
 *   4. headers: more before fewer; at equal number, more with a value
 *   5. query: likewise
 *
 * A route that takes the path and not the method, headers or query leaves the request to the next.
 */
import type { Route } from '../config/config.ts'
import type { RawHeaders } from '../targets/send.ts'
import { parsePattern, type Segment } from './pattern.ts'
import { compareRank } from './rank.ts'

/** What a match looks at. */
export interface Question {
  readonly method: string
  /** As received: with its port, in any case. Empty where there is none. */
  readonly host: string
  /** Canonical, see `canonicalPath`. */
  readonly path: string
  /** The request target as received; read for its query. */
  readonly url: string
  readonly headers: RawHeaders
}

export interface Matcher {
  /** Null where no route takes the request. Never throws. */
  match(question: Question): Route | null
}

type Wanted = readonly (readonly [string, string | null])[]

interface Leaf {
  readonly route: Route
  readonly headers: Wanted
  readonly query: Wanted
}

interface Node {
  /** Null where there is none, as in most nodes: ten thousand empty maps cost a reload dearly. */
  literals: Map<string, Node> | null
  name: Node | null
  /** What ends here, and what ends in `*` here; first asked first. */
  readonly ends: Leaf[]
  readonly rests: Leaf[]
}

const createNode = (): Node => ({ literals: null, name: null, ends: [], rests: [] })

const childOf = (node: Node, segment: Exclude<Segment, { is: 'rest' }>): Node => {
  if (segment.is === 'name') {
    node.name ??= createNode()
    return node.name
  }
  node.literals ??= new Map()
  const child = node.literals.get(segment.text) ?? createNode()
  node.literals.set(segment.text, child)
  return child
}

const insertByRank = (leaves: Leaf[], route: Route): void => {
  const { headers, query } = route.match
  const leaf = { route, headers: Object.entries(headers), query: Object.entries(query) }
  const before = leaves.findIndex((other) => compareRank(route, other.route) < 0)
  leaves.splice(before === -1 ? leaves.length : before, 0, leaf)
}

const insert = (root: Node, route: Route): void => {
  let node = root
  for (const segment of parsePattern(route.match.path)) {
    if (segment.is === 'rest') {
      insertByRank(node.rests, route)
      return
    }
    node = childOf(node, segment)
  }
  insertByRank(node.ends, route)
}

const hasHeader = (headers: RawHeaders, name: string, value: string | null): boolean => {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === name && (value === null || headers[i + 1] === value))
      return true
  }
  return false
}

const hasQuery = (url: string, wanted: Wanted): boolean => {
  const start = url.indexOf('?')
  const query = new URLSearchParams(start === -1 ? '' : url.slice(start + 1).replace(/#.*/s, ''))
  return wanted.every(([name, value]) =>
    value === null ? query.has(name) : query.getAll(name).includes(value),
  )
}

const takes = ({ route, headers, query }: Leaf, asked: Question): boolean => {
  const { methods } = route.match
  if (methods.length > 0 && !methods.includes(asked.method)) return false
  if (!headers.every(([name, value]) => hasHeader(asked.headers, name, value))) return false
  return query.length === 0 || hasQuery(asked.url, query)
}

const firstOf = (leaves: readonly Leaf[], asked: Question): Route | null =>
  leaves.find((leaf) => takes(leaf, asked))?.route ?? null

/** The port, the root dot and case make no other host. */
const hostname = (host: string): string =>
  host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')

/** Longer than any name in the DNS (RFC 1035 §2.3.4): no labels are looked up for it. */
const longestHost = 253

/**
 * Compiles routes into one tree for each host, so that the number of routes costs no time.
 *
 * @param routes with valid patterns and without ties, see `patternProblem` and `findTies`
 * @param visited called for every node of the tree that a match looks at
 */
export const createMatcher = (
  routes: readonly Route[],
  visited: () => void = () => {},
): Matcher => {
  /** By host as configured, `*.` included; the empty name for routes without one. */
  const roots = new Map<string, Node>()
  for (const route of routes) {
    const host = route.match.host ?? ''
    const root = roots.get(host) ?? createNode()
    roots.set(host, root)
    insert(root, route)
  }
  const namesHosts = routes.some(({ match }) => match.host !== null)

  const search = (
    node: Node,
    asked: Question,
    segments: readonly string[],
    depth: number,
  ): Route | null => {
    visited()
    const segment = segments[depth]
    if (segment === undefined) return firstOf(node.ends, asked)
    const literal = node.literals?.get(segment)
    const found = literal === undefined ? null : search(literal, asked, segments, depth + 1)
    if (found !== null) return found
    const named =
      node.name === null || segment === '' ? null : search(node.name, asked, segments, depth + 1)
    return named ?? firstOf(node.rests, asked)
  }

  const searchHost = (host: string, asked: Question, segments: readonly string[]): Route | null => {
    const root = roots.get(host)
    return root === undefined ? null : search(root, asked, segments, 0)
  }

  const searchNamedHosts = (asked: Question, segments: readonly string[]): Route | null => {
    const host = hostname(asked.host)
    if (host === '' || host.length > longestHost) return null
    let found = searchHost(host, asked, segments)
    let dot = host.indexOf('.')
    while (found === null && dot !== -1) {
      found = searchHost(`*${host.slice(dot)}`, asked, segments)
      dot = host.indexOf('.', dot + 1)
    }
    return found
  }

  return {
    match: (asked) => {
      const segments = asked.path.slice(1).split('/')
      const named = namesHosts ? searchNamedHosts(asked, segments) : null
      return named ?? searchHost('', asked, segments)
    },
  }
}
