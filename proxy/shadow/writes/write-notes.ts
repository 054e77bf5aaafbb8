/** Why nothing, or only the answer, can be told of a route's shadows: kept for whoever asks. In memory, bounded by the routes. */
import type { LeftOut } from './left-out.ts'
import type { WritesProblem } from './report.ts'
import type { TellProblem } from './tell-problem.ts'

/** Goes into the admin API as it stands. */
export interface RouteWrites {
  /** What has kept the last samples from telling anything; null: the last one told something. */
  readonly problem: (Pick<WritesProblem, 'reason' | 'detail'> & { readonly samples: number }) | null
  /** Samples of which only the answers were compared, by why. */
  readonly leftOut: Readonly<Record<string, number>>
}

export interface WriteNotes {
  /** Something can be told of a sample. */
  told(route: string): void
  untold(route: string, problem: WritesProblem): void
  leftOut(route: string, why: LeftOut): void
  /** Null: there is nothing to be said. */
  read(route: string): RouteWrites | null
  /** Forgets every route but these. */
  keep(routes: ReadonlySet<string>): void
}

const nothing: RouteWrites = { problem: null, leftOut: {} }

export const createWriteNotes = (tell: TellProblem): WriteNotes => {
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
    read(route) {
      const found = held.get(route) ?? nothing
      const isSilent = found.problem === null && Object.keys(found.leftOut).length === 0
      return isSilent ? null : found
    },
    keep(routes) {
      for (const id of held.keys()) if (!routes.has(id)) held.delete(id)
    },
  }
}

/** What several processes know of one route: the problem of those that have one, and all counts. */
export const mergeWrites = (all: readonly (RouteWrites | null)[]): RouteWrites | null => {
  const known = all.filter((each) => each !== null)
  if (known.length === 0) return null
  const leftOut: Record<string, number> = {}
  for (const each of known)
    for (const [why, count] of Object.entries(each.leftOut))
      leftOut[why] = (leftOut[why] ?? 0) + count
  return { problem: known.find(({ problem }) => problem !== null)?.problem ?? null, leftOut }
}
