/**
 * Whether modern differs from legacy at a place more often than legacy from itself. A test that may
 * be asked after every request (Ville's inequality): however often it is looked at, it raises a false
 * alarm with at most the chance it was given. Pure.
 *
 * Counted are discordant pairs of requests that were chosen for A/A before anything was known of
 * them: `modernAlone` where only modern differs from legacy's first answer, `legacyAlone` where only
 * legacy's repeat does. Without a regression either is as likely as the other.
 */
import type { PlaceCount } from '../cutover/evidence.ts'
import type { DifferenceKind } from './difference.ts'
import { betaFraction, logBeta } from './log-beta.ts'

/**
 * ln E(b, c) of the one-sided mixture: the chance that a discordant pair is `b`'s against one half,
 * the alternatives from one half to 1 weighted alike. E(10, 0) = 186, E(13, 0) = 1 170.
 *
 * @param b pairs that speak for it, whole and from 0
 * @param c pairs that speak against it
 */
export const logEvidence = (b: number, c: number): number => {
  // Written out, E = 2^(b+c+1) B(b+1, c+1) I_½(c+1, b+1); here the powers and B cancel exactly.
  if (c >= b) return Math.log(betaFraction(c + 1, b + 1, 0.5) / (2 * (c + 1)))
  const whole = (b + c + 1) * Math.LN2 + logBeta(b + 1, c + 1)
  const rest = betaFraction(b + 1, c + 1, 0.5) / (2 * (b + 1))
  // Of the whole weight the part below one half is no evidence; it never exceeds half of it.
  return whole + Math.log1p(-Math.min(0.5, rest * Math.exp(-whole)))
}

/** Chance of a single false alarm over all places of a route, for ever. */
export const alarmChance = 0.001

/**
 * `regressed`: modern differs more often than legacy from itself. `legacyMoved`: legacy's repeats
 * differ more often than modern does: its data changes under the comparison, which hides
 * regressions rather than causing alarms.
 */
export type AlarmKind = 'regressed' | 'legacyMoved'

export interface Alarm {
  readonly pattern: string
  readonly kind: DifferenceKind
  readonly alarm: AlarmKind
  readonly modernAlone: number
  readonly legacyAlone: number
  /** Decimal logarithm of the evidence. */
  readonly log10E: number
}

interface Pairs {
  readonly pattern: string
  readonly kind: DifferenceKind
  modernAlone: number
  legacyAlone: number
}

const pairsOf = (places: readonly PlaceCount[]): readonly Pairs[] => {
  const all = new Map<string, Pairs>()
  for (const { pattern, kind, modernAlone, legacyAlone } of places) {
    const key = `${kind} ${pattern}`
    const pairs = all.get(key) ?? { pattern, kind, modernAlone: 0, legacyAlone: 0 }
    pairs.modernAlone += modernAlone
    pairs.legacyAlone += legacyAlone
    all.set(key, pairs)
  }
  return [...all.values()]
}

/** Places at which it is proven, counted over all places that were ever found. */
export const alarmsOf = (
  places: readonly PlaceCount[],
  chance: number = alarmChance,
): readonly Alarm[] => {
  const all = pairsOf(places)
  const enough = Math.log(Math.max(1, all.length) / chance)
  return all.flatMap(({ modernAlone: b, legacyAlone: c, ...place }): Alarm[] => {
    const [alarm, log]: [AlarmKind, number] =
      b >= c ? ['regressed', logEvidence(b, c)] : ['legacyMoved', logEvidence(c, b)]
    if (log < enough) return []
    return [{ ...place, alarm, modernAlone: b, legacyAlone: c, log10E: log / Math.LN10 }]
  })
}
