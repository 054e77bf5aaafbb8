/** What became of one place of four answers: who agrees there with itself, and who with the other. Pure. */
import type { Comparison } from './compare.ts'
import type { Difference } from './difference.ts'
import { isNoisyDifference, type LearnedPlace } from './learn-noise.ts'
import type { Outcome } from './outcome.ts'

/**
 * What became of one place. `confirmed`: both agree with themselves and not with each other, be it
 * only in the type that the place has, or in whether it is there.
 * `noise`: legacy disagrees with itself in the same way. `race`: legacy now says what modern said.
 * `unstable`: legacy agrees with itself, modern does not. `open`: the repeats do not tell.
 */
export type PlaceVerdict = 'confirmed' | 'noise' | 'race' | 'unstable' | 'open'

/** Of answers that say nothing about each other. */
export const tellsNothing: ReadonlySet<Outcome> = new Set([
  'shadow_error',
  'shadow_timeout',
  'inconclusive',
])

type Agreement = 'same' | 'other' | 'unknown'

const isAt = (place: Difference, other: Difference): boolean =>
  other.path === place.path ||
  other.path.startsWith(`${place.path}/`) ||
  place.path.startsWith(`${other.path}/`)

/** Whether two answers agree at a place, above and below it. */
export const agreeAt = (between: Comparison | null, place: Difference): Agreement => {
  if (between === null) return 'unknown'
  if (between.differences.some((other) => isAt(place, other))) return 'other'
  return between.omitted > 0 || tellsNothing.has(between.outcome) ? 'unknown' : 'same'
}

/** The four answers compared with each other as far as there are four. */
export interface Pairs {
  readonly legacies: Comparison | null
  readonly moderns: Comparison | null
  /** Legacy's repeat and modern's first answer. */
  readonly crossed: Comparison | null
  /** What legacy shows against itself. */
  readonly noise: readonly LearnedPlace[]
}

const failedAgain = (moderns: Comparison | null): boolean =>
  moderns?.outcome === 'shadow_error' || moderns?.outcome === 'shadow_timeout'

const modernAt = (moderns: Comparison | null, place: Difference): Agreement => {
  return failedAgain(moderns) ? 'other' : agreeAt(moderns, place)
}

/** Where legacy contradicts itself: noise and races excuse a place, anything else does not. */
const whereLegacyVaries = (pairs: Pairs, place: Difference): PlaceVerdict | null => {
  if (agreeAt(pairs.crossed, place) === 'same') return 'race'
  return isNoisyDifference(pairs.noise, place) ? 'noise' : null
}

/** By what modern says twice, legacy's part being settled. */
const byModern: Readonly<Record<Agreement, PlaceVerdict>> = {
  same: 'confirmed',
  other: 'unstable',
  unknown: 'open',
}

/** What is wrong with these whatever the value is. */
const formal: ReadonlySet<Difference['kind']> = new Set(['type', 'missing', 'extra'])

/** Whether two answers have the place alike, as far as its form goes: at most its value is another. */
const keepsForm = (between: Comparison | null, { path }: Difference): boolean =>
  between !== null &&
  between.omitted === 0 &&
  !tellsNothing.has(between.outcome) &&
  between.differences.every(
    (other) =>
      !(path === other.path || path.startsWith(`${other.path}/`)) ||
      (path === other.path && other.kind === 'value'),
  )

/** Values that are always new have a form all the same: legacy's is never modern's. */
const isOfOtherForm = ({ legacies, moderns }: Pairs, place: Difference): boolean =>
  formal.has(place.kind) && keepsForm(legacies, place) && keepsForm(moderns, place)

export const judgePlace = (pairs: Pairs, place: Difference): PlaceVerdict => {
  const legacy = agreeAt(pairs.legacies, place)
  if (legacy === 'unknown') return 'open'
  const excused = legacy === 'other' ? whereLegacyVaries(pairs, place) : null
  if (excused !== null) return excused
  return isOfOtherForm(pairs, place) ? 'confirmed' : byModern[modernAt(pairs.moderns, place)]
}
