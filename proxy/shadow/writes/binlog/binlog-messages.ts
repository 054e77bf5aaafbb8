/** What crosses between the main thread and the one that reads the binary log. Plain data. */
import type { MysqlAddress } from '../mysql-link.ts'
import type { Intended, WriteDifference } from '../report.ts'
import type { LogPosition } from './log-position.ts'

export interface BinlogTask {
  readonly address: MysqlAddress
  /** Where cages are; null: nowhere. */
  readonly twin: MysqlAddress | null
}

/** One request of which legacy's answer is here. */
export interface BinlogAsk {
  /** The id of the request. */
  readonly request: string
  /** A `moment` by which it was not sent to legacy yet. */
  readonly since: number
  readonly intended: Intended
}

/** What the log tells of a request. */
export type BinlogFinding =
  /** All that legacy wrote; `isLate`: it had begun to before the snapshot stood. */
  | {
      readonly is: 'found'
      readonly isLate: boolean | null
      readonly differences: readonly WriteDifference[]
      /** Why these may be the doing of a twin; absent or null: they are not. */
      readonly doubt?: string | null
    }
  /** Something of it, but `why` not all. */
  | { readonly is: 'unread'; readonly isLate: boolean | null; readonly why: string }
  /** Nothing that names the request. */
  | { readonly is: 'unnamed' }

/** How the reader is. */
export type BinlogState =
  /** `isBehind`: what was written before is not all read yet. */
  | { readonly is: 'reading'; readonly server: string; readonly isBehind: boolean }
  /** `why` nobody reads it now; it is tried again. */
  | { readonly is: 'off'; readonly why: string }

export type ToBinlog = { readonly is: 'find'; readonly of: number; readonly ask: BinlogAsk }

export type FromBinlog =
  | { readonly is: 'state'; readonly state: BinlogState }
  | { readonly is: 'at'; readonly position: LogPosition }
  | {
      readonly is: 'found'
      readonly of: number
      readonly finding: BinlogFinding
      /** Requests whose rows were forgotten unasked, so far. */
      readonly dropped: number
    }
