/** What crosses between the main thread and the one that compares. Plain data. */
import type { Confirmation, Sandwich } from '../compare/confirm.ts'
import type { NoisyPlace } from '../compare/noise.ts'
import type { Rule } from '../compare/rule.ts'
import type { Exemplar } from './finding.ts'
import type { Sample } from './sample.ts'

export interface CompareTask {
  readonly sample: Sample
  readonly sandwich: Sandwich
  readonly rules: readonly Rule[]
  /** What legacy is known to show against itself. */
  readonly noise: readonly NoisyPlace[]
  /** Whether the request was chosen for A/A before anything was known of it. */
  readonly isChosen: boolean
  /** `2026-12-31` */
  readonly today: string
}

export interface CompareResult {
  readonly confirmation: Confirmation
  /** Redacted; null: there is none. */
  readonly exemplar: Exemplar | null
}

/** What the thread is told when it starts. */
export interface CompareSetup {
  /** Of the tokens that stand for what is redacted. */
  readonly key: Uint8Array
}

export type FromComparer =
  | { readonly is: 'ready' }
  | { readonly is: 'done'; readonly result: CompareResult }
