/** What the shadow has told, for what its recorded answers come to when they are compared again. Pure. */
import type { Comparison } from '../compare/compare.ts'
import { type Difference, type Excused, gravest } from '../compare/difference.ts'
import type { FoundPlace } from '../shadow/finding.ts'
import type { Concluded } from '../shadow/run.ts'
import type { RecordedComparison } from './recorded.ts'
import { isAmong } from './redacted-places.ts'

/** With what became of its places told: the rules judged the values, not what stands for them. */
export interface Told extends RecordedComparison {
  readonly places: readonly FoundPlace[]
}

/** @param rules the name of those of the replay */
export const isToldBy = (compared: RecordedComparison, rules: string): compared is Told =>
  compared.rules === rules && compared.places !== undefined

/** What differs only since it is redacted, where the rules have put it then. */
const settled = (comparison: Comparison, { places, redacted = [] }: Told): Comparison => {
  const placesAt = (pattern: string): readonly FoundPlace[] =>
    places.filter((place) => place.pattern === pattern)
  const isFalse = ({ pattern }: Difference): boolean =>
    isAmong(pattern, redacted) && !placesAt(pattern).some(({ as }) => as === 'difference')
  const [gone, differences] = [
    comparison.differences.filter(isFalse),
    comparison.differences.filter((each) => !isFalse(each)),
  ]
  const excused = gone.flatMap((each): Excused[] => {
    const rule = placesAt(each.pattern)[0]?.rule ?? null
    return rule === null ? [] : [{ ...each, rule }]
  })
  return {
    ...comparison,
    differences,
    excused: [...comparison.excused, ...excused],
    severity: gravest(differences),
  }
}

export const asToldThen = ({ tally, exemplar, ...rest }: Concluded, compared: Told): Concluded => {
  const { outcome, reason, confirmed, places, discordant = tally.discordant } = compared
  const comparison = exemplar?.comparison ?? null
  return {
    ...rest,
    tally: { ...tally, outcome, reason, confirmed, places, discordant },
    exemplar: exemplar && {
      ...exemplar,
      ...{ outcome, reason, confirmed },
      comparison: comparison && settled(comparison, compared),
    },
  }
}
