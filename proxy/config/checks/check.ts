/** What a check is: a small function over a draft, and how all of them are run. */
import { type Diagnostic, diagnostic, type Fault, type Place } from '../diagnostics.ts'
import { type Draft, placeOf, type RouteDraft } from '../draft.ts'
import type { Path } from '../yaml.ts'

/** What the checks may know of the world outside the files. */
export interface World {
  /** Names of the legacy adapters; null: not known, not checked. */
  readonly adapters: readonly string[] | null
  /** Whether a file exists; null: not checked. */
  readonly exists: ((path: string) => boolean) | null
  /** `2026-12-31`; null or absent: no rule is judged by its last day. */
  readonly today?: string | null
  /** Gives a file as text, or throws; null: not read. */
  readonly read: ((path: string) => string) | null
}

/** A fault of a route, at keys of the route; no keys: the route as a whole. */
export interface RouteFault {
  readonly at: Path
  readonly fault: Fault
}

export interface RouteCheck {
  /** Keys it judges by: where one of them could not be read, it has nothing to say. */
  readonly reads: readonly string[]
  readonly judge: (route: RouteDraft, draft: Draft) => readonly RouteFault[]
}

/** A fault of the config, where it is said. */
export interface PlacedFault {
  readonly fault: Fault
  readonly place: Place
}

export type Check = (draft: Draft, world: World) => readonly PlacedFault[]

/** Shorthand for a check of one route that finds one thing or nothing. */
export const routeCheck = (
  reads: readonly string[],
  judge: (route: RouteDraft, draft: Draft) => RouteFault | null,
): RouteCheck => ({
  reads,
  judge: (route, draft) => {
    const found = judge(route, draft)
    return found === null ? [] : [found]
  },
})

/** Makes one check out of many that look at each route by itself. */
export const eachRoute =
  (checks: readonly RouteCheck[]): Check =>
  (draft) =>
    draft.routes.flatMap((route) =>
      checks
        .filter(({ reads }) => !reads.some((key) => route.broken.has(key)))
        .flatMap(({ judge }) => judge(route, draft))
        .map(({ at, fault }) => ({ fault, place: placeOf(draft, route, at) })),
    )

/** Where the main file says something. */
export const inMain = (
  { main }: Draft,
  path: Path,
  fault: Fault,
  at: 'key' | 'value' = 'value',
): PlacedFault => ({ fault, place: main.yaml.placeOf(path, at) })

export const runChecks = (
  checks: readonly Check[],
  draft: Draft,
  world: World,
): readonly Diagnostic[] =>
  checks.flatMap((check) => check(draft, world)).map(({ fault, place }) => diagnostic(fault, place))
