/** What a lane tells of one request: plain data, from the lane's thread to the main one. */
import type { SqlValue } from './table-facts.ts'

/** Why nothing can be told of the request; the reasons are those of `inconclusive`. */
export interface WritesProblem {
  readonly reason:
    | 'statement'
    | 'own_write'
    | 'egress'
    | 'snapshot_lost'
    | 'cage_unfit'
    | 'cage_lost'
  /** For people; it may quote a statement's words, never its values. */
  readonly detail: string
}

/** What the driver of a lane is told of a request. */
export interface WritesTerms {
  /**
   * `read`, `capture`: on a snapshot, writes recorded. `cage`: in a transaction that is rolled back,
   * on the twin.
   */
  readonly kind: 'read' | 'capture' | 'cage'
}

/** What `prepare` comes to. */
export interface Prepared {
  /** The `moment` by when the snapshot stood. */
  readonly stoodAt: number
  readonly problem: WritesProblem | null
}

/** A place where what modern would have written and what legacy wrote differ. */
export interface WriteDifference {
  /** `articles/insert/title`: table, what is done to its row, column. */
  readonly place: string
  readonly kind: 'missing' | 'extra' | 'value'
  readonly legacy: SqlValue
  readonly modern: SqlValue
}

export interface WritesReport {
  readonly kind: WritesTerms['kind']
  readonly problem: WritesProblem | null
  /** Rows that it would have written; null: not known. */
  readonly rows: number | null
  readonly differences: readonly WriteDifference[]
}

export const isPrepared = (given: unknown): given is Prepared =>
  typeof given === 'object' && given !== null && 'stoodAt' in given

export const isReport = (given: unknown): given is WritesReport =>
  typeof given === 'object' && given !== null && 'differences' in given
