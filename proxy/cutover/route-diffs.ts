/** Where the answers of one route differ, how often, with an example of each. Pure. */
import type { Difference, DifferenceKind, Excused, Severity } from '../compare/difference.ts'
import { severities } from '../compare/difference.ts'
import type { Rule } from '../compare/rule.ts'
import type { Lint } from '../compare/rule-lint.ts'
import type { Exemplar, FoundPlace } from '../shadow/finding.ts'
import type { Refused } from '../shadow/writes/egress.ts'
import type { Evidence, PlaceCount } from './evidence.ts'
import type { RouteVerdicts } from './route-verdicts.ts'
import { lintByEvidence } from './rule-uses.ts'

/** One exchange in which the place was found. Redacted. */
export interface PlaceExample {
  /** Of the exemplar, for `banyan show`. */
  readonly id: string
  readonly path: string
  /** JSON text; null: nothing is there. */
  readonly legacy: string | null
  readonly modern: string | null
}

export interface RoutePlace {
  readonly pattern: string
  readonly kind: DifferenceKind
  readonly severity: Severity
  readonly as: FoundPlace['as']
  /** What overlooks it; null: nothing does. */
  readonly rule: { readonly id: string; readonly why: string | null } | null
  /** Sampled requests in which it was found. */
  readonly count: number
  /** A/A requests in which only this side differed. */
  readonly modernAlone: number
  readonly legacyAlone: number
  /** Whether a mismatch with it was confirmed by asking both targets again. */
  readonly confirmed: boolean
  /** Null: none is kept. */
  readonly example: PlaceExample | null
}

/** What a handler tried to reach in the shadows, each once. */
export interface RefusedExample extends Refused {
  /** Of the newest exemplar. */
  readonly id: string
}

export interface RouteDiffs extends RouteVerdicts {
  readonly route: string
  /** What counts first, then what is excused, then noise; each the gravest and most frequent first. */
  readonly places: readonly RoutePlace[]
  /** What is wrong with the rules, as the evidence has it. */
  readonly lint: readonly Lint[]
  /** What shadows tried to reach, and were refused. */
  readonly egress: readonly RefusedExample[]
}

export interface DiffsInput {
  readonly evidence: Evidence
  readonly verdicts: RouteVerdicts
  readonly rules: readonly Rule[]
  /** Of this route; of this epoch only are looked at. Newest first. */
  readonly exemplars: readonly Exemplar[]
  /** `2026-12-31` */
  readonly today: string
}

const order: readonly FoundPlace['as'][] = ['difference', 'excused', 'noise']

const listOf = (
  { comparison }: Exemplar,
  as: FoundPlace['as'],
): readonly (Difference | Excused)[] => {
  if (comparison === null) return []
  const { differences, excused, noise } = comparison
  return { difference: differences, excused, noise }[as]
}

const isAt =
  ({ pattern, kind, rule }: PlaceCount) =>
  (found: Difference | Excused): boolean =>
    found.pattern === pattern &&
    found.kind === kind &&
    (rule === null || ('rule' in found && found.rule === rule))

const placeOf = (
  { pattern, kind, severity, as, rule, count, modernAlone, legacyAlone }: PlaceCount,
  { exemplars, rules }: { exemplars: readonly Exemplar[]; rules: readonly Rule[] },
): RoutePlace => {
  const isHere = isAt({ pattern, kind, severity, as, rule, count, modernAlone, legacyAlone })
  const shown = exemplars.flatMap((exemplar) => {
    const found = listOf(exemplar, as).find(isHere)
    return found === undefined ? [] : [{ exemplar, found }]
  })
  const confirmed = shown.find(({ exemplar }) => exemplar.confirmed)
  const best = confirmed ?? shown[0]
  const why = rules.find(({ id }) => id === rule)?.why ?? null
  return {
    ...{ pattern, kind, severity, as, count, modernAlone, legacyAlone },
    rule: rule === null ? null : { id: rule, why },
    confirmed: as === 'difference' && confirmed !== undefined,
    example:
      best === undefined
        ? null
        : {
            id: best.exemplar.id,
            path: best.found.path,
            legacy: best.found.legacy,
            modern: best.found.modern,
          },
  }
}

const isSamePlace = (a: PlaceCount, b: PlaceCount): boolean =>
  a.pattern === b.pattern && a.kind === b.kind

/** What A/A requests have shown of a place stands with it, however it was judged elsewhere. */
const foldedPairs = (places: readonly PlaceCount[]): readonly PlaceCount[] => {
  const found = places.filter(({ count }) => count > 0)
  const alone = places.filter(({ count }) => count === 0)
  const joined = found.map((place) => {
    const isFirst = found.find((each) => isSamePlace(each, place)) === place
    const twin = isFirst ? alone.find((each) => isSamePlace(each, place)) : undefined
    if (twin === undefined) return place
    const modernAlone = place.modernAlone + twin.modernAlone
    return { ...place, modernAlone, legacyAlone: place.legacyAlone + twin.legacyAlone }
  })
  return [...joined, ...alone.filter((place) => !found.some((each) => isSamePlace(each, place)))]
}

const refusedOf = (exemplars: readonly Exemplar[]): readonly RefusedExample[] => {
  const all = exemplars.flatMap(({ id, egress = [] }) => egress.map((each) => ({ id, ...each })))
  return all.filter(({ what }, at) => all.findIndex((each) => each.what === what) === at)
}

const byWeight = (a: PlaceCount, b: PlaceCount): number =>
  order.indexOf(a.as) - order.indexOf(b.as) ||
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  b.count - a.count ||
  a.pattern.localeCompare(b.pattern)

export const routeDiffs = (input: DiffsInput): RouteDiffs => {
  const { evidence, verdicts, rules, exemplars, today } = input
  const { route, epoch, places } = evidence
  const own = exemplars.filter((each) => each.epoch === epoch)
  return {
    route,
    ...verdicts,
    places: foldedPairs(places)
      .toSorted(byWeight)
      .map((place) => placeOf(place, { exemplars: own, rules })),
    lint: lintByEvidence(rules, evidence, today),
    egress: refusedOf(own),
  }
}
