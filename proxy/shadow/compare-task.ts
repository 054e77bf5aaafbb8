/** What crosses between the main thread and the one that compares. Plain data. */
import type { Sandwich } from '../compare/confirm.ts'
import type { LearnedPlace } from '../compare/learn-noise.ts'
import type { NoisyPlace } from '../compare/noise.ts'
import type { Rule } from '../compare/rule.ts'
import type { StoredDetail } from '../config/shadow-config.ts'
import type { Draft } from '../recording/recorded.ts'
import type { Exemplar, Tally } from './finding.ts'
import type { Sample } from './sample.ts'
import type { Refused } from './writes/egress.ts'
import type { WriteDifference } from './writes/report.ts'

export interface CompareTask {
  readonly sample: Sample
  readonly sandwich: Sandwich
  readonly rules: readonly Rule[]
  /** What legacy is known to show against itself. */
  readonly noise: readonly NoisyPlace[]
  /** Whether the request was chosen for A/A before anything was known of it. */
  readonly isChosen: boolean
  /** Whether a mismatch may come to something else, for a session or a doubt; absent: not so. */
  readonly isOpen?: boolean
  /** `2026-12-31` */
  readonly today: string
  /** Where what modern would have written is not what legacy wrote; absent: nowhere. */
  readonly writes?: readonly WriteDifference[]
  /** What the shadow tried to reach: nothing is compared then; absent: nothing. */
  readonly egress?: readonly Refused[]
}

/** What may be told, stored and shown is redacted. */
export interface CompareResult {
  readonly tally: Tally
  /** Null: nothing is kept of exchanges, or there are enough that tell people the same. */
  readonly exemplar: Exemplar | null
  /** Whether asking once more could tell more. */
  readonly needsRepeat: boolean
  /** What legacy's repeat showed; for the ledger alone, since it holds values. Null: not repeated. */
  readonly noise: readonly LearnedPlace[] | null
  /** Where writes differ and no rule overlooks it; for a ledger too. */
  readonly writes: readonly LearnedPlace[]
}

/** What the thread is told when it starts. */
export interface CompareSetup {
  /** Of the tokens that stand for what is redacted. */
  readonly key: Uint8Array
  /** Names whose values are secret, besides the built-in ones. */
  readonly names: readonly string[]
  readonly level: StoredDetail
}

/** An exchange as one line of a recording, redacted. */
export interface RecordResult {
  readonly text: string
}

export type ToComparer =
  | { readonly is: 'compare'; readonly task: CompareTask }
  | { readonly is: 'record'; readonly task: Draft }

export type FromComparer =
  | { readonly is: 'ready' }
  | { readonly is: 'done'; readonly result: CompareResult | RecordResult }
