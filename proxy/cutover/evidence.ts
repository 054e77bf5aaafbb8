/** What the sampled requests of one route and epoch came to, as numbers that add up across instances. */
import type { DifferenceKind, Severity } from '../compare/difference.ts'
import type { SeenNoise } from '../compare/merge-noise.ts'
import type { FoundPlace } from '../shadow/finding.ts'
import type { Target } from '../stage.ts'
import type { EpochAbout } from './reset-reason.ts'

/** How often one place was found, in one way. */
export interface PlaceCount {
  readonly pattern: string
  readonly kind: DifferenceKind
  readonly severity: Severity
  readonly as: FoundPlace['as']
  readonly rule: string | null
  readonly count: number
  /** Discordant pairs of A/A requests: modern's alone, legacy's alone. */
  readonly modernAlone: number
  readonly legacyAlone: number
}

type PerTarget = Readonly<Record<Target, number>>

/** What a canary's two arms answered to real callers. */
export interface CanaryCount {
  readonly requests: PerTarget
  /** Bad events, one for each caller, kind of error and minute. */
  readonly errors: PerTarget
  /** Requests slower than legacy was when the stage began. */
  readonly slow: PerTarget
  /** Different callers among those of modern's bad events. */
  readonly callers: number
}

/** Plain JSON data: it is stored as it stands, and merged by adding. */
export interface Evidence {
  readonly route: string
  readonly epoch: string
  /** Names the process that counted; merged evidence joins the names. */
  readonly instance: string
  /** Unix milliseconds of the first and of the last sample. */
  readonly since: number
  readonly last: number
  /** Every sampled request, by outcome; reasons follow a colon: `shed:queue_full`. */
  readonly outcomes: Readonly<Record<string, number>>
  /** Mismatches that a repeat confirmed. */
  readonly confirmed: number
  /** Trials of the gate: requests that could be compared, repeats of one fingerprint counted thrice at most. */
  readonly trials: number
  /** Trials that were bad: unexplained mismatches, errors, timeouts and contradictions of the shadow. */
  readonly bad: number
  /** How many trials each request shape had; at most 1 000 shapes, the rest under `*`. */
  readonly shapes: Readonly<Record<string, number>>
  /** At most 500 places. */
  readonly places: readonly PlaceCount[]
  /** Which requests were trials, and how often: base64, for merging. Absent: none is known. */
  readonly fingerprints?: string
  /** Comparisons that were no trials: their request had been seen three times. */
  readonly repeats?: number
  /** Comparisons that were no trials: there was no room to tell their request from others. */
  readonly uncounted?: number
  /** Trials in which legacy answered below 500, and modern 500 or above, late, or not. */
  readonly regressions?: number
  /** Trials of the last hour, by Unix time in units of five minutes. Absent: not told. */
  readonly recent?: Readonly<Record<string, number>>
  /** Trials of which both times are known, and those in which modern took much longer. */
  readonly timed?: number
  readonly slow?: number
  /** Requests chosen for A/A. */
  readonly chosen?: number
  /** Trials whose writes were captured, not executed. */
  readonly captured?: number
  /** Samples with a session of legacy that came to a verdict. */
  readonly judgedSessions?: number
  /** Trials with a session of legacy, and those of them that were bad. */
  readonly trialSessions?: number
  readonly badSessions?: number
  /** Those that legacy, as the shadow, was not asked: no difference was seen. */
  readonly unaskedSessions?: number
  /** What legacy showed against itself when it was asked again. */
  readonly noise?: SeenNoise
  /** Where what modern would have written was not what legacy wrote. */
  readonly writeNoise?: SeenNoise
  readonly canary?: CanaryCount
  /** Names what each part of its epoch was, so that another epoch can tell which of them changed. */
  readonly parts?: Readonly<Record<keyof EpochAbout, string>>
  /** Why it started from zero, for people; null or absent: it is the route's first. */
  readonly resetReason?: string | null
}

export interface EvidenceStart {
  readonly route: string
  readonly epoch: string
  readonly instance: string
  /** Unix milliseconds. */
  readonly now: number
  readonly resetReason?: string | null
}

/** Nothing seen yet. */
export const createEvidence = ({ now, resetReason = null, ...about }: EvidenceStart): Evidence => ({
  ...about,
  since: now,
  last: now,
  outcomes: {},
  confirmed: 0,
  trials: 0,
  bad: 0,
  shapes: {},
  places: [],
  resetReason,
})

/** Beyond this, shapes are counted together, and places no more. */
export const mostShapes = 1_000
export const mostPlaces = 500
/** Stands for every shape that has no count of its own. */
export const otherShapes = '*'

type Shapes = Pick<Evidence, 'shapes'>

/** Trials whose shape was seen once, and all. What is counted together counts as seen once. */
const countShapes = ({ shapes }: Shapes): readonly [once: number, all: number] => {
  let [once, all] = [0, 0]
  for (const [shape, count] of Object.entries(shapes)) {
    all += count
    if (shape === otherShapes) once += count
    else if (count === 1) once++
  }
  return [once, all]
}

/**
 * Share of the traffic whose shape has never been seen, as Good and Turing estimate it: of `n` trials
 * those whose shape was seen once. 1 of no trials.
 */
export const unseenShare = (evidence: Shapes): number => {
  const [once, all] = countShapes(evidence)
  return all === 0 ? 1 : once / all
}

/** Share of the trials whose shape has no count of its own. 0 of no trials. */
export const uncountedShare = (evidence: Shapes): number => {
  const [, all] = countShapes(evidence)
  return all === 0 ? 0 : (evidence.shapes[otherShapes] ?? 0) / all
}

/**
 * How many trials more it takes until that share is no larger than this, if none of them looks new.
 * Null: never, as it goes, for what has no count of its own is more than that alone.
 */
export const unseenNeeds = (evidence: Shapes, share: number): number | null => {
  if (uncountedShare(evidence) > share) return null
  const [once, all] = countShapes(evidence)
  return Math.max(0, Math.ceil(once / share) - all)
}
