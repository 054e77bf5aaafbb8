/**
 * Which of several routes with the same host and the same shape of path is asked first, and what
 * each leaves to the next. Shared by the matcher and by the search for conflicts, so that they
 * cannot disagree.
 */
import type { Match, Route } from '../config/config.ts'

type Wanted = Readonly<Record<string, string | null>>

const valued = (wanted: Wanted): number => Object.values(wanted).filter((v) => v !== null).length

/** Smaller comes first, place by place. */
const rank = ({ methods, headers, query }: Match): readonly number[] => [
  methods.length === 0 ? Number.POSITIVE_INFINITY : methods.length,
  -Object.keys(headers).length,
  -valued(headers),
  -Object.keys(query).length,
  -valued(query),
]

/**
 * Negative when `a` is asked before `b`, 0 when neither goes first: named methods before any and
 * fewer before more, then more headers, more of them with a value, then the same of the query.
 */
export const compareRank = (a: Route, b: Route): number => {
  const [left, right] = [rank(a.match), rank(b.match)]
  const place = left.findIndex((value, i) => value !== right[i])
  return place === -1 ? 0 : (left[place] ?? 0) - (right[place] ?? 0)
}

const taken = (methods: readonly string[], method: string | null): boolean =>
  methods.length === 0 || (method !== null && methods.includes(method))

const agree = (a: Wanted, b: Wanted): boolean =>
  Object.entries(a).every(([name, value]) => {
    const other = Object.hasOwn(b, name) ? b[name] : null
    return value === null || other === null || value === other
  })

/** Whether a request of this path exists that both take. */
export const overlap = ({ match: a }: Route, { match: b }: Route): boolean =>
  (a.methods.length === 0 ||
    b.methods.length === 0 ||
    a.methods.some((m) => taken(b.methods, m))) &&
  agree(a.headers, b.headers) &&
  agree(a.query, b.query)

const implied = (weak: Wanted, strong: Wanted): boolean =>
  Object.entries(weak).every(
    ([name, value]) => Object.hasOwn(strong, name) && (value === null || value === strong[name]),
  )

/**
 * Whether `a` takes every request of this path and method that `b` takes.
 *
 * @param method null: any method at all
 */
export const covers = ({ match: a }: Route, { match: b }: Route, method: string | null): boolean =>
  taken(a.methods, method) && implied(a.headers, b.headers) && implied(a.query, b.query)
