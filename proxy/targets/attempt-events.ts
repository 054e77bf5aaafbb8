import type { Failure } from './send.ts'

/** What became of a request that was sent once more; `denied`: it was not, for want of budget. */
export type RetryResult = 'answered' | 'failed' | 'denied'

/** What telemetry may hear. Must not throw. */
export interface AttemptEvents {
  /** A head came, so long after the request had found a place. */
  answered(waitedMs: number): void
  /** The upstream failed, before the head or after it; or it had no place. Not: the client left. */
  failed(why: Failure): void
  /** Once for a request that was sent again, however often. */
  retried(result: RetryResult): void
}

/** For whoever does not measure. */
export const unheard: AttemptEvents = { answered: () => {}, failed: () => {}, retried: () => {} }
