/** What people may ask about comparisons: verdicts, places, exchanges, rules that could be added. */

import type { SeenNoise } from '../compare/merge-noise.ts'
import { rulesOf } from '../compare/rules-of.ts'
import { type Suggestion, suggestedRules, suggestRules } from '../compare/suggest-rules.ts'
import { suggestedWriteRules } from '../compare/suggest-write-rules.ts'
import type { Config, Route } from '../config/config.ts'
import { type RouteDiffs, routeDiffs } from '../cutover/route-diffs.ts'
import { type RouteVerdicts, routeVerdicts } from '../cutover/route-verdicts.ts'
import type { ExemplarQuery, Store } from '../store/store.ts'
import { type ExemplarKeep, exemplarKey } from './exemplar-keep.ts'
import type { Exemplar } from './finding.ts'
import type { FleetEvidence } from './fleet-evidence.ts'

export interface SuggestedRules {
  readonly route: string
  /** How often legacy was asked once more. */
  readonly repeats: number
  /** Requests whose writes differed. */
  readonly written: number
  readonly suggestions: readonly Suggestion[]
  /** All of it as a ruleset, to be judged by a person. */
  readonly yaml: string
}

export interface Findings {
  /** As evidence was put together last. Null: the route is not shadowed. */
  verdicts(route: string): RouteVerdicts | null
  /** Brings what the others return up to date. Never rejects, never takes long. */
  refresh(): Promise<void>
  /** Null: the route is not shadowed. */
  diffs(route: string): Promise<RouteDiffs | null>
  /** Of every instance, newest first. */
  exemplars(query: ExemplarQuery): Promise<readonly Exemplar[]>
  /**
   * The newest, of every route where none is named; null: there is none of this id, or no longer.
   * Rejects with an Error for the operator where only a store that cannot be read might know.
   */
  exemplar(id: string, route?: string): Promise<Exemplar | null>
  /** By what every instance has seen. */
  suggestions(route: string): Promise<SuggestedRules>
}

export interface FindingsOptions {
  /** In force. */
  readonly config: () => Config
  readonly fleet: FleetEvidence
  readonly keep: ExemplarKeep
  /** Null: the config says that there is none. */
  readonly store: Pick<Store, 'findExemplars' | 'getExemplar'> | null
  /** Unix milliseconds. */
  readonly wallNow: () => number
}

const usualLimit = 20
/** Enough for an example of most places. */
const examined = 60

/** A store that is away is told by its status; what this process holds is shown all the same. */
const orElse = async <T>(asked: Promise<T> | undefined, instead: T): Promise<T> => {
  try {
    return (await asked) ?? instead
  } catch {
    return instead
  }
}

const joined = (
  own: readonly Exemplar[],
  stored: readonly Exemplar[],
  limit: number,
): readonly Exemplar[] => {
  const all = new Map([...stored, ...own].map((each) => [exemplarKey(each), each]))
  return [...all.values()].sort((a, b) => b.at - a.at).slice(0, limit)
}

const nothing: SeenNoise = { repeats: 0, places: [] }

export const createFindings = (options: FindingsOptions): Findings => {
  const { config, fleet, keep, store, wallNow } = options
  const find = (id: string): Route | undefined => config().routes.find((route) => route.id === id)

  const verdicts = (id: string): RouteVerdicts | null => {
    const [evidence, route] = [fleet.read(id), find(id)]
    if (evidence === null || route === undefined) return null
    return routeVerdicts(evidence, route, config(), wallNow())
  }
  const exemplars = async (query: ExemplarQuery): Promise<readonly Exemplar[]> => {
    const { limit = usualLimit } = query
    const stored = await orElse(store?.findExemplars({ ...query, limit }), [])
    return joined(keep.find({ ...query, limit }), stored, limit)
  }
  return {
    verdicts,
    refresh: fleet.refresh,
    exemplars,
    async diffs(id) {
      await fleet.refresh()
      const [evidence, route, about] = [fleet.read(id), find(id), verdicts(id)]
      if (evidence === null || route === undefined || about === null) return null
      return routeDiffs({
        evidence,
        verdicts: about,
        rules: rulesOf(config(), route),
        exemplars: await exemplars({ route: id, limit: examined }),
        today: new Date(wallNow()).toISOString().slice(0, 10),
      })
    },
    exemplar: async (id, route) =>
      keep.get(id, route) ?? (await store?.getExemplar(id, route)) ?? null,
    async suggestions(id) {
      await fleet.refresh()
      const { noise = nothing, writeNoise = nothing } = fleet.read(id) ?? {}
      const [repeats, written] = [noise.repeats, writeNoise.repeats]
      const suggestions = [
        ...suggestedRules(noise.places, repeats),
        ...suggestedWriteRules(writeNoise.places, written),
      ]
      return { route: id, repeats, written, suggestions, yaml: suggestRules(id, suggestions) }
    },
  }
}
