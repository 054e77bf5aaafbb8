/** What hurdles of a gate ask, and how they answer. */
import type { Gate } from '../config/cutover-config.ts'
import type { Evidence } from './evidence.ts'
import type { Side } from './mixture.ts'
import type { Pace } from './pace.ts'
import {
  type Found,
  type GateOptions,
  type GateReason,
  grouped,
  plural,
  type Stream,
  type Verdict,
} from './verdict.ts'

/** Everything a hurdle may ask. */
export interface GateState {
  readonly evidence: Evidence
  readonly gate: Gate
  readonly options: GateOptions
  readonly stream: Stream
  readonly limit: number
  readonly chance: number
  readonly needed: number | null
  /** At which trials come now; null: it is too early to tell. */
  readonly pace: Pace | null
  /** Null: it cannot be foretold. */
  readonly etaMs: number | null
  /** What will be in the way then, as far as can be seen, and is no matter of time; null: nothing. */
  readonly obstacle: Found | null
  readonly side: Side
  /** Of all samples. */
  readonly shed: number
  /** Of the samples that were not shed, sessions apart. */
  readonly inconclusive: number
}

/** Null: nothing in the way. */
export type Hurdle = (state: GateState) => Found | null

export const found = (verdict: Verdict, reason: GateReason | null, sentence: string): Found => ({
  verdict,
  reason,
  sentence,
})

/** The first that stands. */
export const firstOf = (asked: readonly Hurdle[], state: GateState): Found | null => {
  for (const hurdle of asked) {
    const stands = hurdle(state)
    if (stands !== null) return stands
  }
  return null
}

/** `2 of 4 056 different requests were bad` */
export const soFar = ({ stream: { bad, count } }: GateState): string =>
  `${grouped(bad)} of ${plural(count, 'different request')} ${bad === 1 ? 'was' : 'were'} bad`
