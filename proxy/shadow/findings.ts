/** What people may ask about comparisons: verdicts, places, exchanges, rules that could be added. */

import type { NoiseCount } from '../compare/noise-ledger.ts'
import { rulesOf } from '../compare/rules-of.ts'
import { anyOf } from '../compare/shape.ts'
import { type Suggestion, suggestedRules, suggestRules } from '../compare/suggest-rules.ts'
import { suggestedWriteRules } from '../compare/suggest-write-rules.ts'
import type { Config, Route } from '../config/config.ts'
import { type RouteDiffs, routeDiffs } from '../cutover/route-diffs.ts'
import { type RouteVerdicts, routeVerdicts } from '../cutover/route-verdicts.ts'
import type { ExemplarQuery, Store } from '../store/store.ts'
import type { ExemplarKeep } from './exemplar-keep.ts'
import type { Exemplar } from './finding.ts'
import type { FleetEvidence } from './fleet-evidence.ts'
import type { NoiseLedgers } from './noise-ledgers.ts'
import type { Redact } from './redact.ts'

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
  /** Null: there is none of this id, or no longer. */
  exemplar(id: string): Promise<Exemplar | null>
  suggestions(route: string): SuggestedRules
}

export interface FindingsOptions {
  /** In force. */
  readonly config: () => Config
  readonly fleet: FleetEvidence
  readonly keep: ExemplarKeep
  /** Null: the config says that there is none. */
  readonly store: Pick<Store, 'findExemplars' | 'getExemplar'> | null
  readonly ledgers: Pick<NoiseLedgers, 'find'>
  /** Where writes have differed; absent: nobody watches them. */
  readonly writeLedgers?: Pick<NoiseLedgers, 'find'>
  /** What is known for noise as it may be shown. */
  readonly redactNoise: Redact['noise']
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
  const all = new Map([...stored, ...own].map((each) => [each.id, each]))
  return [...all.values()].sort((a, b) => b.at - a.at).slice(0, limit)
}

/** Ledgers hold what targets sent. */
const shownNoise = (
  counts: readonly NoiseCount[],
  redactNoise: Redact['noise'],
): readonly NoiseCount[] => {
  const shown = redactNoise(counts)
  return counts.map(({ pattern, seen }, at) => {
    const place = shown[at]
    if (place === undefined) throw new Error('every place has one that may be shown')
    return { ...place, seen, isHidden: place.pattern !== pattern }
  })
}

/** Of what was written, the form alone: it says nothing of a secret that has it. */
const shownForms = (
  counts: readonly NoiseCount[],
  redactNoise: Redact['noise'],
): readonly NoiseCount[] =>
  shownNoise(counts, redactNoise).map((place, at) => {
    const { name = 'any', values = null } = counts[at]?.shape ?? {}
    return { ...place, shape: { ...anyOf(name), values: values && [] } }
  })

export const createFindings = (options: FindingsOptions): Findings => {
  const { config, fleet, keep, store, ledgers, writeLedgers, wallNow } = options
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
    exemplar: async (id) => keep.get(id) ?? (await orElse(store?.getExemplar(id), null)),
    suggestions(id) {
      const [ledger, writes] = [ledgers.find(id), writeLedgers?.find(id)]
      const counts = shownNoise(ledger?.counts() ?? [], options.redactNoise)
      const places = shownForms(writes?.counts() ?? [], options.redactNoise)
      const [repeats, written] = [ledger?.repeats() ?? 0, writes?.repeats() ?? 0]
      const suggestions = [
        ...suggestedRules(counts, repeats),
        ...suggestedWriteRules(places, written),
      ]
      return { route: id, repeats, written, suggestions, yaml: suggestRules(id, suggestions) }
    },
  }
}
