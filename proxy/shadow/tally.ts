/** From what became of a sample to what is told of it. Pure. */

import type { Comparison } from '../compare/compare.ts'
import type { InconclusiveReason, Outcome } from '../compare/outcome.ts'
import type { Target } from '../stage.ts'
import type { Observation } from '../targets/send.ts'
import type { DiscordantPlace, FoundPlace, Tally } from './finding.ts'
import type { Sample } from './sample.ts'
import type { ShedReason } from './shed.ts'

/** What one sample came to, as far as it is counted. */
export interface Verdict {
  readonly outcome: Outcome
  readonly reason: string | null
  readonly confirmed: boolean
  readonly comparison: Comparison | null
  readonly discordant: readonly DiscordantPlace[] | null
}

const plain = { confirmed: false, comparison: null, discordant: null } as const

export const identical: Verdict = Object.freeze({ ...plain, outcome: 'identical', reason: null })

export const shed = (reason: ShedReason): Verdict => ({ ...plain, outcome: 'shed', reason })

export const inconclusive = (reason: InconclusiveReason): Verdict => ({
  ...plain,
  outcome: 'inconclusive',
  reason,
})

const keyOf = ({ pattern, kind, as, rule }: FoundPlace): string =>
  JSON.stringify([pattern, kind, as, rule])

const noPlaces: readonly FoundPlace[] = Object.freeze([])

/** Each place once, however many elements of a list it is found in. */
const placesOf = (comparison: Comparison | null): readonly FoundPlace[] => {
  if (comparison === null) return noPlaces
  const { differences, excused, noise } = comparison
  const found: FoundPlace[] = [
    ...differences.map((each) => ({ ...each, as: 'difference' as const, rule: null })),
    ...excused.map((each) => ({ ...each, as: 'excused' as const })),
    ...noise.map((each) => ({ ...each, as: 'noise' as const, rule: null })),
  ].map(({ pattern, kind, severity, as, rule }) => ({ pattern, kind, severity, as, rule }))
  return [...new Map(found.map((place) => [keyOf(place), place])).values()]
}

const msOf = (seen: Observation | null): number | null => seen?.targetMs ?? seen?.headMs ?? null

/** What either target did; null: it was not asked, or nobody knows. */
export type Sides = Readonly<Record<Target, Observation | null>>

export const noSides: Sides = Object.freeze({ legacy: null, modern: null })

export const tallyOf = (sample: Sample, verdict: Verdict, { legacy, modern }: Sides): Tally => {
  const { route, epoch, primary, shadow, at, shape, fingerprint, hasSession } = sample
  const { outcome, reason, confirmed, comparison, discordant } = verdict
  // One literal: every sampled request makes one, on the thread that serves clients.
  return {
    route,
    epoch,
    primary,
    shadow,
    at,
    shape,
    fingerprint,
    outcome,
    reason,
    confirmed,
    discordant,
    places: placesOf(comparison),
    legacyMs: msOf(legacy),
    modernMs: msOf(modern),
    legacyStatus: legacy?.status ?? null,
    modernStatus: modern?.status ?? null,
    hasSession,
  }
}
