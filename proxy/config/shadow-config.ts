/** What a config says of the shadows of the process, and of what is kept of them. */

import type { Isolation } from './isolation.ts'

/** What all shadows of the process may use together. */
export interface ShadowConfig {
  /** Shadows of handlers at once. */
  readonly lanes: number
  /** What those lanes are. */
  readonly isolation: Isolation
  /** Shadows that may wait for their turn. */
  readonly queue: number
  readonly memoryBytes: number
  /** Body that is captured for a comparison; a longer one makes it inconclusive. */
  readonly bodyLimitBytes: number
  /** Event-loop delay, 99 of 100, above which nothing is shadowed. */
  readonly delayLimitMs: number
  /** Resident memory of the process above which nothing is shadowed. */
  readonly rssLimitBytes: number
  readonly store: StoredDetail
  /** How long a client of a route with `writes: capture` may wait for the snapshot; 0: never. */
  readonly snapshotWaitMs: number
  /** A larger SQLite file is not copied for shadows that write. */
  readonly copyLimitBytes: number
  readonly database: {
    /** `mysql://user:password@host/database` or `sqlite:file`; absent: the database of the handlers. */
    readonly url?: string
    /** Whether clients never see it, so that shadows may write there and be rolled back. */
    readonly twin: boolean
    /** Whose binary log tells what legacy wrote: that of the snapshots (`auto`), of a URL, or nobody's (`off`). */
    readonly binlog: string
  }
  /** What shadowed handlers may reach besides their database: `host:port`, or a host with all its ports. */
  readonly egress: readonly string[]
  /** Names of fields, headers and parameters whose values are secret, besides the built-in ones. */
  readonly redact: readonly string[]
}

/** Where evidence and exemplars outlive the process. */
export interface StoreConfig {
  /** `sqlite:/absolute/file.db` or `mysql://user:password@host/database`. */
  readonly url: string
  /** Bytes that all exemplars together may take. */
  readonly limitBytes: number
  /** How long what nobody adds to is kept. */
  readonly keepMs: number
}

/** What is stored of an exchange whose outcome is worth looking at. */
export type StoredDetail = 'none' | 'paths' | 'redacted' | 'full'
