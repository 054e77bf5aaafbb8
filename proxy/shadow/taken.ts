/** What a sample takes with it on its way from its primary's answer to its outcome. */
import type { NoiseLedger } from '../compare/noise-ledger.ts'
import type { InboundRequest, Observation } from '../targets/send.ts'
import type { Hold } from './budget.ts'
import type { Comparer } from './comparer.ts'
import type { RepeatBudget } from './repeat-budget.ts'
import type { Sample } from './sample.ts'
import type { ShadowRoute } from './shadow-route.ts'
import type { ShedReason } from './shed.ts'
import type { Turns } from './turns.ts'
import type { TakenSnapshot } from './writes/taken-snapshot.ts'
import type { WriteNotes } from './writes/write-notes.ts'

/** A sample whose client has been answered. */
export interface Taken {
  readonly sample: Sample
  readonly plan: ShadowRoute
  /** As a target gets it, its upload all here. */
  readonly request: InboundRequest
  readonly primary: Observation
  /** What the shadow has already done, as the first attempt that a fallback replaced; else null. */
  readonly shadow: Observation | null
  readonly hold: Hold
  /** The snapshot that was taken for it; null or absent: none was. */
  readonly standing?: TakenSnapshot | null
  readonly repeats: RepeatBudget
  readonly ledger: NoiseLedger
  /** Where its writes have differed so far; absent: nobody asks. */
  readonly writeLedger?: NoiseLedger
  readonly limitBytes: number
}

/** What serves all samples of the process. */
export interface RunParts {
  readonly turns: Turns
  readonly comparer: Comparer
  /** Why nothing is shadowed now; null: shadows may run. */
  readonly refusal: () => ShedReason | null
  /** Hears what can be told of what handlers did to their database. */
  readonly writeNotes?: Pick<WriteNotes, 'told' | 'untold' | 'leftOut' | 'outside'>
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** 0 <= n < 1. */
  readonly random: () => number
}
