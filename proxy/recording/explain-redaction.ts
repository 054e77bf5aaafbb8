/** What of a replay's outcome only says that a recording is redacted. Pure. */

import { mayBeAbout } from '../compare/match-place.ts'
import type { Outcome } from '../compare/outcome.ts'
import { type Rule, reachesBelow } from '../compare/rule.ts'
import type { FoundPlace } from '../shadow/finding.ts'
import type { Concluded } from '../shadow/run.ts'
import type { RecordedComparison } from './recorded.ts'
import { isAmong } from './redacted-places.ts'

export interface Redactions {
  /** Redacted parts of the request that nothing was supplied for: it was not what the client sent. */
  readonly ofRequest: readonly string[]
  /** Places of answers of which nothing can be told by the tokens that stand there. */
  readonly ofAnswer: readonly string[]
}

const told = { outcome: 'inconclusive', reason: 'redacted' } as const

type Place = Pick<FoundPlace, 'pattern' | 'kind' | 'as'>

const keyOf = ({ as, kind, pattern }: Place): string => `${as} ${kind} ${pattern}`

const withoutPlaces = (concluded: Concluded, gone: readonly Place[]): Concluded => {
  const { tally, exemplar } = concluded
  const keys = new Set(gone.map(keyOf))
  const comparison = exemplar?.comparison ?? null
  const differences = comparison?.differences.filter(
    (each) => !keys.has(keyOf({ ...each, as: 'difference' })),
  )
  return {
    ...concluded,
    tally: { ...tally, places: tally.places.filter((place) => !keys.has(keyOf(place))) },
    exemplar:
      exemplar === null || comparison === null || differences === undefined
        ? exemplar
        : { ...exemplar, comparison: { ...comparison, differences } },
  }
}

const inconclusive = (concluded: Concluded): Concluded => ({
  ...concluded,
  tally: { ...concluded.tally, ...told, confirmed: false },
  exemplar: concluded.exemplar && { ...concluded.exemplar, ...told, confirmed: false },
})

/** Without the places of which nothing is known; inconclusive where no other one differs. */
const leavingOpen = (concluded: Concluded, isOpen: (place: FoundPlace) => boolean): Concluded => {
  const open = concluded.tally.places.filter(isOpen)
  if (open.length === 0) return concluded
  const left = withoutPlaces(concluded, open)
  return left.tally.places.some(({ as }) => as === 'difference') ? left : inconclusive(left)
}

/** Outcomes that say that what modern answered is wrong. */
const blaming: ReadonlySet<Outcome> = new Set(['mismatch', 'shadow_unstable'])

/** A difference that comes of placeholders is no mismatch; all others stay. */
export const explainRedaction = (
  concluded: Concluded,
  { ofRequest, ofAnswer }: Redactions,
): Concluded => {
  if (!blaming.has(concluded.tally.outcome)) return concluded
  if (ofRequest.length > 0) return inconclusive(concluded)
  return leavingOpen(
    concluded,
    ({ as, pattern }) => as === 'difference' && isAmong(pattern, ofAnswer),
  )
}

/** Whether a rule may speak of the place, that might overlook a value and not what stands for it. */
export const mayOverlook =
  (rules: readonly Rule[]) =>
  (pattern: string): boolean =>
    rules.some(({ path, verb }) => mayBeAbout(path, pattern, reachesBelow(verb)))

/**
 * What other rules make of two recorded answers: whether one overlooks a value, or legacy's noise
 * does, cannot be told of what stands for it, unless the same was told of the value then.
 */
export const judgedAnew = (
  concluded: Concluded,
  { redacted = [], places = [] }: Pick<RecordedComparison, 'redacted' | 'places'>,
  rules: readonly Rule[],
): Concluded => {
  const known = new Set(places.map(keyOf))
  const mayBeOverlooked = mayOverlook(rules)
  return leavingOpen(concluded, (place) => {
    if (!isAmong(place.pattern, redacted)) return false
    return place.as === 'difference' ? mayBeOverlooked(place.pattern) : !known.has(keyOf(place))
  })
}
