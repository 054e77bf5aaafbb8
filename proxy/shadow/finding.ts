/** What one sampled request came to: numbers for the evidence, and an exemplar for people. */
import type { Comparison } from '../compare/compare.ts'
import type { DifferenceKind, Severity } from '../compare/difference.ts'
import type { Outcome } from '../compare/outcome.ts'
import type { Target } from '../stage.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'
import type { Refused } from './writes/egress.ts'

/** One place of an answer at which something was found. */
export interface FoundPlace {
  /** As in `Difference.pattern`. */
  readonly pattern: string
  readonly kind: DifferenceKind
  readonly severity: Severity
  /** What became of it: it counts, a rule overlooks it, or legacy shows it against itself. */
  readonly as: 'difference' | 'excused' | 'noise'
  /** Id of the rule that overlooks it; null: none does. */
  readonly rule: string | null
}

/** One place at which only one of two equal chances differed, in a request chosen for A/A beforehand. */
export interface DiscordantPlace {
  readonly pattern: string
  readonly kind: DifferenceKind
  /** `modern`: modern differs from legacy, legacy not from itself. `legacy`: the other way round. */
  readonly side: Target
}

/** What evidence counts of one sampled request. Small; holds no value that a target sent. */
export interface Tally {
  readonly route: string
  readonly epoch: string
  readonly primary: Target
  readonly shadow: Target
  readonly outcome: Outcome
  /** Why, for `inconclusive` and `shed`; null for every other outcome. */
  readonly reason: string | null
  /** Whether a repeat showed the same mismatch again. */
  readonly confirmed: boolean
  /** Unix milliseconds. */
  readonly at: number
  readonly shape: string
  readonly fingerprint: string
  readonly places: readonly FoundPlace[]
  /** Null: the request was not chosen for A/A. */
  readonly discordant: readonly DiscordantPlace[] | null
  /** Milliseconds that each target took to its head; null: unknown. */
  readonly legacyMs: number | null
  readonly modernMs: number | null
  /** Status of each; null: that target gave no answer. Absent: not told. */
  readonly legacyStatus?: number | null
  readonly modernStatus?: number | null
  /** Whether it carries a session of legacy; absent: it does not. */
  readonly hasSession?: boolean
  /** Whether what modern wrote was captured, not executed; absent: it was not. */
  readonly isCaptured?: boolean
}

/** One exchange and what became of it, to be looked at. Redacted before it is queued anywhere. */
export interface Exemplar {
  /** The id of the request. */
  readonly id: string
  readonly route: string
  readonly epoch: string
  readonly at: number
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers: RawHeaders
    readonly body: Uint8Array | null
  }
  readonly outcome: Outcome
  readonly reason: string | null
  readonly confirmed: boolean
  readonly comparison: Comparison | null
  /** Null: that target was not asked. */
  readonly legacy: Observation | null
  readonly modern: Observation | null
  /** What the shadow tried to reach, and was refused; absent: nothing. */
  readonly egress?: readonly Refused[]
}

/** The one call by which an outcome leaves the shadows. Exactly once a sample; never throws. */
export type Tell = (tally: Tally, exemplar: Exemplar | null) => void
