import type { Failure } from './send.ts'

/** What telemetry may hear. Must not throw. */
export interface AttemptEvents {
  /** A head came, so long after the request had found a place. */
  answered(waitedMs: number): void
  /** The upstream failed, before the head or after it; or it had no place. Not: the client left. */
  failed(why: Failure): void
  /** A kept connection turned out to be closed; the request is sent once more. */
  retried(): void
}

/** For whoever does not measure. */
export const unheard: AttemptEvents = { answered: () => {}, failed: () => {}, retried: () => {} }
