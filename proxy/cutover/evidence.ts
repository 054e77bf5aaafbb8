/** What the sampled requests of one route and epoch came to, as numbers that add up across instances. */
import type { DifferenceKind, Severity } from '../compare/difference.ts'
import type { FoundPlace } from '../shadow/finding.ts'

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
  /** How often each request shape was seen; at most 1 000 of them, the rest under `*`. */
  readonly shapes: Readonly<Record<string, number>>
  /** At most 500 places. */
  readonly places: readonly PlaceCount[]
}
