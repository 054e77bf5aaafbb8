/** Why nothing, or only the answer, can be told of a route's shadows: kept for whoever asks. In memory, bounded by the routes. */
import type { LeftOut } from './left-out.ts'
import type { WritesProblem, WritesReport } from './report.ts'
import type { TellOutside, TellProblem } from './tell-problem.ts'

/** Goes into the admin API as it stands. */
export interface RouteWrites {
  /** What has kept the last samples from telling anything; null: the last one told something. */
  readonly problem: (Pick<WritesProblem, 'reason' | 'detail'> & { readonly samples: number }) | null
  /** Samples of which only the answers were compared, by why. */
  readonly leftOut: Readonly<Record<string, number>>
  /** What its lanes tried to reach outside of requests, and were refused; absent: nothing. */
  readonly outside?: readonly string[]
}

export interface WriteNotes {
  /** Something can be told of a sample. */
  told(route: string): void
  untold(route: string, problem: WritesProblem): void
  leftOut(route: string, why: LeftOut): void
  /** What a lane of the route has tried to reach outside of requests. */
  outside(route: string, tried: readonly string[]): void
  /** Null: there is nothing to be said. */
  read(route: string): RouteWrites | null
  /** Forgets every route but these. */
  keep(routes: ReadonlySet<string>): void
}

const nothing: RouteWrites = { problem: null, leftOut: {} }

const mostOutside = 20

/** All of both, each once. */
const joined = (known: readonly string[], more: readonly string[]): readonly string[] =>
  [...new Set([...known, ...more])].slice(0, mostOutside)

export const createWriteNotes = (
  tell: TellProblem,
  tellOutside: TellOutside = () => {},
): WriteNotes => {
  const held = new Map<string, RouteWrites>()
  const put = (route: string, change: Partial<RouteWrites>): void => {
    held.set(route, { ...nothing, ...held.get(route), ...change })
  }
  return {
    told(route) {
      if (held.get(route)?.problem != null) put(route, { problem: null })
    },
    untold(route, { reason, detail }) {
      const last = held.get(route)?.problem
      const samples = last?.reason === reason && last.detail === detail ? last.samples + 1 : 1
      put(route, { problem: { reason, detail, samples } })
      tell(route, reason, detail)
    },
    leftOut(route, why) {
      const before = held.get(route)?.leftOut ?? {}
      put(route, { leftOut: { ...before, [why]: (before[why] ?? 0) + 1 } })
    },
    outside(route, tried) {
      const known = held.get(route)?.outside ?? []
      if (tried.every((what) => known.includes(what))) return
      put(route, { outside: joined(known, tried) })
      for (const what of tried) tellOutside(route, what)
    },
    read(route) {
      const found = held.get(route) ?? nothing
      const { problem, leftOut, outside } = found
      const isSilent =
        problem === null && Object.keys(leftOut).length === 0 && outside === undefined
      return isSilent ? null : found
    },
    keep(routes) {
      for (const id of held.keys()) if (!routes.has(id)) held.delete(id)
    },
  }
}

/** Puts down what a lane tells of one sample. */
export const noteReport = (
  notes: Omit<WriteNotes, 'read' | 'keep'> | undefined,
  route: string,
  { problem, leftOut, outside }: Pick<WritesReport, 'problem' | 'leftOut' | 'outside'>,
): void => {
  if (outside !== undefined) notes?.outside(route, outside)
  if (problem !== null) notes?.untold(route, problem)
  else notes?.told(route)
  if (leftOut !== undefined) notes?.leftOut(route, leftOut)
}

/** What several processes know of one route: the problem of those that have one, and all counts. */
export const mergeWrites = (all: readonly (RouteWrites | null)[]): RouteWrites | null => {
  const known = all.filter((each) => each !== null)
  if (known.length === 0) return null
  const leftOut: Record<string, number> = {}
  for (const each of known)
    for (const [why, count] of Object.entries(each.leftOut))
      leftOut[why] = (leftOut[why] ?? 0) + count
  const problem = known.find((each) => each.problem !== null)?.problem ?? null
  const outside = known.map((each) => each.outside ?? []).reduce(joined)
  return { problem, leftOut, ...(outside.length === 0 ? {} : { outside }) }
}
