/** Counts tallies into evidence: one mutable count for each route and epoch, read as plain data. */
import { kinds } from '../compare/difference.ts'
import type { Outcome } from '../compare/outcome.ts'
import type { DiscordantPlace, FoundPlace, Tally } from '../shadow/finding.ts'
import { type Evidence, mostPlaces, mostShapes, otherShapes, type PlaceCount } from './evidence.ts'
import { createFingerprints, mostFingerprints, mostRepeats } from './fingerprints.ts'
import { countRecent } from './pace.ts'

export interface TallyCount {
  /** Of the same route and epoch. */
  add(tally: Tally): void
  /** All that was counted so far; a copy. */
  evidence(): Evidence
}

/** Whose fault an outcome is; null: nothing was compared. */
type Verdict = 'good' | 'bad' | null

const verdicts: Readonly<Record<Outcome, Verdict>> = {
  identical: 'good',
  equivalent: 'good',
  noise: 'good',
  race: 'good',
  mismatch: 'bad',
  shadow_error: 'bad',
  shadow_timeout: 'bad',
  shadow_unstable: 'bad',
  inconclusive: null,
  shed: null,
}

/** That legacy failed as the shadow says nothing about modern. */
const verdictOf = ({ outcome, shadow }: Tally): Verdict => {
  const isLegacys = outcome === 'shadow_error' || outcome === 'shadow_timeout'
  return isLegacys && shadow === 'legacy' ? null : verdicts[outcome]
}

const isRegression = ({ outcome, legacyStatus, modernStatus }: Tally): boolean => {
  if ((legacyStatus ?? 200) >= 500) return false
  return outcome === 'shadow_error' || outcome === 'shadow_timeout' || (modernStatus ?? 200) >= 500
}

/** Above both, nobody puts it down to chance or to the lane. */
const slowFactor = 1.5
const slowMs = 20

const isSlow = (legacyMs: number, modernMs: number): boolean =>
  modernMs > legacyMs * slowFactor + slowMs

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const keyOf = ({ pattern, kind, as, rule }: Pick<PlaceCount, 'pattern' | 'kind' | 'as' | 'rule'>) =>
  `${as} ${kind} ${rule} ${pattern}`

const bump = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

const createPlaces = (before: readonly PlaceCount[]) => {
  const places = new Map<string, Mutable<PlaceCount>>(
    before.map((place) => [keyOf(place), { ...place }]),
  )
  /** Null: there is no room. */
  const at = (place: FoundPlace): Mutable<PlaceCount> | null => {
    const key = keyOf(place)
    const found = places.get(key)
    if (found !== undefined || places.size >= mostPlaces) return found ?? null
    const created = { ...place, count: 0, modernAlone: 0, legacyAlone: 0 }
    places.set(key, created)
    return created
  }
  const addDiscordant = ({ pattern, kind, side }: DiscordantPlace): void => {
    const { severity } = kinds[kind]
    const place = at({ pattern, kind, severity, as: 'noise', rule: null })
    if (place !== null) place[side === 'modern' ? 'modernAlone' : 'legacyAlone']++
  }
  return {
    /** A place counts once for a request, in however many elements it was found. */
    add({ places: found, discordant }: Tally): void {
      const seen = new Set<PlaceCount>()
      for (const one of found) {
        const place = at(one)
        if (place === null || seen.has(place)) continue
        seen.add(place)
        place.count++
      }
      discordant?.forEach(addDiscordant)
    },
    list: (): readonly PlaceCount[] => [...places.values()].map((place) => ({ ...place })),
  }
}

/** Shapes of trials, bounded. */
const createShapes = (before: Evidence['shapes']) => {
  const shapes = new Map(Object.entries(before))
  return {
    add: (shape: string): void =>
      bump(shapes, shapes.has(shape) || shapes.size < mostShapes - 1 ? shape : otherShapes),
    counts: (): Evidence['shapes'] => Object.fromEntries(shapes),
  }
}

/** What of a tally is a matter of trials. */
type TrialCounts = Mutable<
  Required<
    Pick<
      Evidence,
      | 'trials'
      | 'bad'
      | 'confirmed'
      | 'repeats'
      | 'uncounted'
      | 'regressions'
      | 'timed'
      | 'slow'
      | 'chosen'
      | 'captured'
      | 'judgedSessions'
      | 'trialSessions'
      | 'badSessions'
      | 'unaskedSessions'
    >
  >
>

const countsOf = (before: Evidence): TrialCounts => {
  const { repeats = 0, uncounted = 0, regressions = 0, timed = 0, slow = 0 } = before
  const { trials, bad, confirmed, chosen = 0, captured = 0 } = before
  const { judgedSessions = 0, trialSessions = 0, badSessions = 0, unaskedSessions = 0 } = before
  return {
    ...{ trials, bad, confirmed, repeats, uncounted, regressions, timed, slow },
    ...{ chosen, captured, judgedSessions, trialSessions, badSessions, unaskedSessions },
  }
}

/** Whether its shadow, which is legacy, was not asked at all for the sake of the session. */
const isUnasked = ({ outcome, reason, shadow, legacyStatus = null }: Tally): boolean =>
  outcome === 'inconclusive' && reason === 'session' && shadow === 'legacy' && legacyStatus === null

/** Of repeats, too: what share of them nothing is known of is asked of all. */
const countSession = (counts: TrialCounts, tally: Tally, verdict: Verdict): void => {
  if (tally.hasSession !== true) return
  if (verdict !== null) counts.judgedSessions++
  if (isUnasked(tally)) counts.unaskedSessions++
}

const countTrial = (counts: TrialCounts, tally: Tally, verdict: Verdict): void => {
  counts.trials++
  const isBad = verdict === 'bad'
  if (isBad) counts.bad++
  if (tally.hasSession === true) {
    counts.trialSessions++
    if (isBad) counts.badSessions++
  }
  if (isRegression(tally)) counts.regressions++
  if (tally.isCaptured === true) counts.captured++
  const { legacyMs, modernMs } = tally
  if (legacyMs === null || modernMs === null) return
  counts.timed++
  if (isSlow(legacyMs, modernMs)) counts.slow++
}

/**
 * Goes on from what was counted before, such as before a restart. A bad trial always counts, a good
 * one only while its request has been seen no more than three times.
 *
 * @param room how many different requests are told from each other
 */
export const countTallies = (before: Evidence, room: number = mostFingerprints): TallyCount => {
  const counts = countsOf(before)
  const outcomes = new Map(Object.entries(before.outcomes))
  const shapes = createShapes(before.shapes)
  const places = createPlaces(before.places)
  const recent = countRecent(before.recent)
  const fingerprints = createFingerprints(room)
  fingerprints.merge(before.fingerprints ?? '')
  let last = before.last

  /** Whether it is a trial. */
  const isCounted = (tally: Tally, verdict: Verdict): boolean => {
    const seen = fingerprints.add(tally.fingerprint)
    if (verdict === 'bad' || (seen !== null && seen <= mostRepeats)) return true
    counts[seen === null ? 'uncounted' : 'repeats']++
    return false
  }
  return {
    add(tally) {
      const { outcome, reason } = tally
      bump(outcomes, reason === null ? outcome : `${outcome}:${reason}`)
      last = Math.max(last, tally.at)
      places.add(tally)
      if (tally.confirmed) counts.confirmed++
      if (tally.discordant !== null) counts.chosen++
      const verdict = verdictOf(tally)
      countSession(counts, tally, verdict)
      if (verdict === null || !isCounted(tally, verdict)) return
      shapes.add(tally.shape)
      countTrial(counts, tally, verdict)
      recent.add(tally.at)
    },
    evidence: () => ({
      ...before,
      ...counts,
      last,
      outcomes: Object.fromEntries(outcomes),
      shapes: shapes.counts(),
      places: places.list(),
      recent: recent.counts(),
      fingerprints: fingerprints.text(),
    }),
  }
}

/** The evidence with one tally more. For a stream of them, `countTallies` is the one to use. */
export const addTally = (evidence: Evidence, tally: Tally): Evidence => {
  const count = countTallies(evidence)
  count.add(tally)
  return count.evidence()
}
