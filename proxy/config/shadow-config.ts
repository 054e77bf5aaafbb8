/** What a config says of the shadows of the process, and of what is kept of them. */

/** What all shadows of the process may use together. */
export interface ShadowConfig {
  /** Worker threads in which shadows of handlers run. */
  readonly lanes: number
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
