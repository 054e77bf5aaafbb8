/** What one attempt knows, the addresses that it goes to, and what their breakers hear of it. */
import type { Target } from '../stage.ts'
import type { Address } from './address.ts'
import type { AddressChoice } from './address-choice.ts'
import type { AttemptEvents } from './attempt-events.ts'
import type { Feed } from './body.ts'
import type { BreakerCall } from './breaker.ts'
import type { Bulkhead, Waiter } from './bulkhead.ts'
import type { CallResult } from './call-result.ts'
import type { Limits, Patience } from './patience.ts'
import { type RetryBudget, retryAfter } from './retry.ts'
import type { Failure, InboundRequest, Outlook, RawHeaders, TargetResponse } from './send.ts'
import type { Watch } from './watch.ts'
import type { WireExchange } from './wire.ts'

/** What attempts at one upstream share. */
export interface Terms {
  readonly from: Target
  readonly bulkhead: Bulkhead
  readonly limits: Limits
  /** Monotonic milliseconds, of the same clock as `receivedMs` and the watch. */
  readonly now: () => number
  readonly watch: Watch
  readonly events: AttemptEvents
  /** Whether the breakers of the addresses hear of it. */
  readonly counts: boolean
  readonly choose: AddressChoice['choose']
  readonly retries: { readonly max: number; readonly budget: RetryBudget }
  outgoing(request: InboundRequest, authority: string): string[]
  /** Of the lines that an upload ended with, those that travel on. */
  outgoingTrailers(request: InboundRequest, lines: RawHeaders): RawHeaders
}

export interface Attempt {
  readonly terms: Terms
  readonly request: InboundRequest
  readonly outlook: Outlook
  readonly patience: Patience
  readonly waiter: Waiter
  readonly resolve: (answer: TargetResponse) => void
  readonly reject: (why: Failure) => void
  /** The last that was chosen, and what its breaker was told. */
  address: Address | null
  call: BreakerCall | null
  exchange: WireExchange | null
  feed: Feed | null
  /** Nobody is told anything more. */
  isOver: boolean
  /** Something may have been sent. */
  hasBegun: boolean
  /** The connection was renewed, once; and addresses that failed before the last one. */
  isRenewed: boolean
  tried: readonly Address[]
  /** Of the last time it was sent. */
  isSent: boolean
  isReused: boolean
  isHeard: boolean
  startedMs: number
}

export const untried: readonly Address[] = []

export const isRetry = ({ isRenewed, tried }: Attempt): boolean => isRenewed || tried.length > 0

/** Tells the breaker of the address, once for every time that something was sent there. */
export const record = (attempt: Attempt, result: CallResult): void => {
  const { call, address, request } = attempt
  if (call === null) return
  attempt.call = null
  // How long an upload takes is the client's doing.
  const isTimed = request.body === null || request.body.whole !== null
  address?.breaker.record(call, result, isTimed)
}

/** The wire has let go of it. */
export const leaveAddress = ({ address }: Attempt): void => {
  if (address !== null) address.inFlight -= 1
}

/** Where it goes next; null: it has failed. */
export const nextAddress = (attempt: Attempt, error: unknown, why: Failure): Address | null => {
  const { terms, request, address, tried } = attempt
  const { max, budget } = terms.retries
  const retry = retryAfter(attempt, error, why)
  if (retry === null || address === null) return null
  if (retry === 'renew') {
    attempt.isRenewed = true
    return address
  }
  if (tried.length >= max) return null
  const next = terms.choose(request, [...tried, address])
  if (next === null) return null
  if (attempt.isSent && !budget.take()) {
    terms.events.retried('denied')
    return null
  }
  attempt.tried = [...tried, address]
  return next
}
