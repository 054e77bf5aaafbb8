/** What a lane tells of one request: plain data, from the lane's thread to the main one. */
import type { LogStanding } from './binlog/log-position.ts'
import type { Refused } from './egress.ts'
import type { LeftOut } from './left-out.ts'
import type { Overlay } from './overlay.ts'
import type { SqlValue } from './table-facts.ts'

/** Why nothing can be told of the request; the reasons are those of `inconclusive`. */
export interface WritesProblem {
  readonly reason:
    | 'snapshot_late'
    | 'statement'
    | 'own_write'
    | 'egress'
    | 'snapshot_lost'
    | 'cage_unfit'
    | 'cage_lost'
    | 'twin_stale'
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
  /** Of a cage: whether what is done in it is told, since somebody knows what legacy does; absent: no. */
  readonly isRecorded?: boolean
}

/** What a handler has asked of a twin. */
export interface CagedRead {
  readonly sql: string
  /** What its request had written by then. */
  readonly overlay: Overlay
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

/** What modern would have written, for those who know all that legacy wrote. */
export interface Intended {
  readonly overlay: Overlay
  /** Names the server, so that places in its binary log are not taken for those in another one's. */
  readonly server: string
  /** How its session calls times: a zone as the server has it. */
  readonly zone: string
  /** Null: the server does not say. */
  readonly snapshot: LogStanding | null
  /** In a cage, where rows may be older than legacy's: what it has read; null: too much. Absent: in none. */
  readonly caged?: { readonly reads: readonly CagedRead[] | null }
}

export interface WritesReport {
  readonly kind: WritesTerms['kind']
  readonly problem: WritesProblem | null
  /** Rows that it would have written; null: not known. */
  readonly rows: number | null
  /** By what the database holds now, unless somebody has judged them by what legacy wrote. */
  readonly differences: readonly WriteDifference[]
  /** Why a mismatch says nothing of the handler; absent: it does. */
  readonly doubt?: WritesProblem
  /** Whether they are of all that was written, by whomever; absent: of what this request wrote. */
  readonly isOfAll?: boolean
  /** Why they are not known, though the answer is; absent: they are. */
  readonly leftOut?: LeftOut
  /** Null or absent: nothing was recorded. */
  readonly intended?: Intended | null
  /** What it tried to reach besides; absent: nothing. */
  readonly egress?: readonly Refused[]
  /** What its lane tried to reach outside of requests; absent: nothing. */
  readonly outside?: readonly string[]
}

export const isPrepared = (given: unknown): given is Prepared =>
  typeof given === 'object' && given !== null && 'stoodAt' in given

export const isReport = (given: unknown): given is WritesReport =>
  typeof given === 'object' && given !== null && 'differences' in given
