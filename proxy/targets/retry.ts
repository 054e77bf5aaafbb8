/** Which requests are sent again after a failure, and how many. */
import type { ErrorCode } from '../errors.ts'
import type { Failure, InboundRequest } from './send.ts'
import { isBroken } from './wire-failure.ts'

/**
 * `renew`: to the same address, over a fresh connection. `elsewhere`: to another address, where there
 * is one.
 */
export type Retry = 'renew' | 'elsewhere'

/** How far one sending of a request came before it failed. */
export interface Sending {
  readonly request: InboundRequest
  /** Something may have been sent. */
  readonly isSent: boolean
  /** Over a connection that had been used before. */
  readonly isReused: boolean
  /** A byte came back. */
  readonly isHeard: boolean
  /** Whether the connection has been renewed before, for this request. */
  readonly isRenewed: boolean
}

/** RFC 9110 §9.2.1: asking twice does what asking once does. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** No connection came about, so nothing was sent. */
const unconnected: ReadonlySet<ErrorCode> = new Set([
  'connection_refused',
  'connection_timeout',
  'dns_error',
  'destination_unroutable',
  'tls_error',
])

/** Whether a failure tells that no connection came about, and not that none was wanted. */
export const isUnconnected = ({ code }: Failure): boolean => unconnected.has(code)

/**
 * How a request that failed may be sent again; null: not at all. Pure.
 *
 * - Where no connection came about: any request, for nothing was done.
 * - Where the connection broke before a byte of an answer: safe methods without a body. Where the
 *   upstream closed a kept connection just as it was used again (RFC 9112 §9.3.1), once more there.
 */
export const retryAfter = (sending: Sending, error: unknown, why: Failure): Retry | null => {
  const { request, isSent, isReused, isHeard, isRenewed } = sending
  if (!isSent) return isUnconnected(why) ? 'elsewhere' : null
  const isRepeatable = request.body === null && safeMethods.has(request.method)
  if (isHeard || !isRepeatable || !isBroken(error)) return null
  return isReused && !isRenewed ? 'renew' : 'elsewhere'
}

export interface RetryBudget {
  /** Counts a request. */
  request(): void
  /** Takes one out; false when there is none left. */
  take(): boolean
}

/** So many may be taken at once, however few requests there were. */
const most = 10

/** A bucket of tokens: every request puts a share of one in, every retry takes a whole one out. */
export const createRetryBudget = (shareBp: number): RetryBudget => {
  let tokens = shareBp === 0 ? 0 : most
  const share = shareBp / 10_000
  return {
    request() {
      tokens = Math.min(most, tokens + share)
    },
    take() {
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
