/**
 * One attempt at an HTTP upstream:
 *
 *   queued → connecting → begun → heard → head │ → body → over
 *   nothing was sent: effect none     unknown  │ an answer that breaks off is not taken back
 *
 * A place of the bulkhead is kept from `connecting` until the wire has let go of the connection.
 */
import {
  type Attempt,
  isRetry,
  leaveAddress,
  nextAddress,
  record,
  type Terms,
  untried,
} from './attempt-state.ts'
import { createFeed } from './body.ts'
import type { Refusal } from './bulkhead.ts'
import { addressResult } from './call-result.ts'
import { failure, isFailure } from './failure.ts'
import { answerLines, answerTrailers } from './headers.ts'
import { createPatience } from './patience.ts'
import { isBodiless, rawHeader } from './raw-header.ts'
import type { Failure, InboundRequest, Outlook, RawHeaders, Send } from './send.ts'
import type { WireListener } from './wire.ts'
import { wireFailure } from './wire-failure.ts'
import { wireRequest } from './wire-request.ts'

/** Nobody wants the rest of the body. */
const unwanted = failure('client_gone', 'client', 'unknown')

const describe = (attempt: Attempt, error: unknown): Failure => {
  if (isFailure(error)) return error
  const why = wireFailure(error, {
    from: attempt.terms.from,
    hasBegun: attempt.isSent,
    hasHead: attempt.feed !== null,
    isTls: attempt.address?.wire.isTls === true,
  })
  // What was sent before, to no avail, may have had an effect.
  return attempt.hasBegun && why.effect === 'none'
    ? failure(why.code, why.party, 'unknown', { cause: error })
    : why
}

const finish = (attempt: Attempt): void => {
  attempt.isOver = true
  attempt.patience.end()
}

/** Tells whoever still waits that there is no answer, or only half of one. */
const fail = (attempt: Attempt, why: Failure): void => {
  finish(attempt)
  const { events } = attempt.terms
  record(attempt, addressResult.failure(why))
  if (why.party !== 'client') events.failed(why)
  if (attempt.feed !== null) {
    attempt.feed.fail(why)
    return
  }
  if (isRetry(attempt)) events.retried('failed')
  attempt.reject(why)
}

/** Ends it from this side. Where it has begun, the wire tells `failed`, which leaves the place. */
const cut = (attempt: Attempt, why: Failure): void => {
  if (attempt.isOver) return
  fail(attempt, why)
  attempt.terms.bulkhead.withdraw(attempt.waiter)
  attempt.exchange?.abort(new Error(why.detail))
}

const expire = (attempt: Attempt): void => {
  const { feed, hasBegun, terms } = attempt
  const code = feed === null ? 'http_response_timeout' : 'http_response_incomplete'
  cut(attempt, failure(code, terms.from, hasBegun ? 'unknown' : 'none'))
}

const onHead = (attempt: Attempt, status: number, reason: string, lines: RawHeaders): void => {
  const { terms, request, patience, exchange } = attempt
  const headers = answerLines(lines, status)
  const declared = isBodiless(request.method, status) ? '0' : rawHeader(headers, 'content-length')
  const feed = createFeed(declared === null ? null : Number(declared), {
    pause() {
      patience.pause(true)
      exchange?.pause()
    },
    resume() {
      patience.pause(false)
      exchange?.resume()
    },
    cancel: () => cut(attempt, unwanted),
  })
  attempt.feed = feed
  patience.head(rawHeader(headers, 'content-type')?.startsWith('text/event-stream') === true)
  const { from, events, now } = terms
  const targetMs = now() - attempt.startedMs
  record(attempt, 'passed')
  if (isRetry(attempt)) events.retried('answered')
  events.answered(targetMs)
  attempt.resolve({
    from,
    status,
    reason,
    headers,
    body: feed.body,
    failure: null,
    instead: null,
    targetMs,
  })
}

const onFailed = (attempt: Attempt, error: unknown): void => {
  leaveAddress(attempt)
  if (!attempt.isOver) {
    const why = describe(attempt, error)
    const next = attempt.feed === null ? nextAddress(attempt, error, why) : null
    if (next !== null) {
      record(attempt, next === attempt.address ? 'neutral' : addressResult.failure(why))
      attempt.exchange = null
      attempt.address = next
      // Not from within the connection that has just died.
      setImmediate(dispatch, attempt)
      return
    }
    fail(attempt, why)
  }
  attempt.terms.bulkhead.leave()
}

const createListener = (attempt: Attempt): WireListener => ({
  begun(exchange, isReused) {
    if (attempt.isOver) throw new Error('the attempt is over')
    attempt.exchange = exchange
    attempt.isReused = isReused
    attempt.isSent = true
    attempt.hasBegun = true
    attempt.patience.begin()
  },
  sent: attempt.patience.sent,
  heard() {
    attempt.isHeard = true
  },
  early: (status, lines) => attempt.outlook.early(status, answerLines(lines, status)),
  head: (status, reason, lines) => onHead(attempt, status, reason, lines),
  data(chunk) {
    attempt.patience.moved()
    attempt.feed?.write(chunk)
  },
  ended(trailers) {
    finish(attempt)
    leaveAddress(attempt)
    attempt.terms.bulkhead.leave()
    attempt.feed?.end(answerTrailers(trailers))
  },
  failed: (error) => onFailed(attempt, error),
})

const dispatch = (attempt: Attempt): void => {
  const { terms, request, address } = attempt
  if (attempt.isOver || address === null) {
    terms.bulkhead.leave()
    return
  }
  const { wire, breaker } = address
  attempt.isSent = false
  attempt.isHeard = false
  if (terms.counts) attempt.call = breaker.begin()
  address.inFlight += 1
  const asked = wireRequest(request, {
    headers: terms.outgoing(request, wire.authority),
    trailers: (lines) => terms.outgoingTrailers(request, lines),
    needsFresh: attempt.isRenewed,
  })
  wire.dispatch(asked, createListener(attempt))
}

const refusals: Readonly<Record<Refusal, string>> = {
  full: 'Too many requests are already waiting for this target.',
  timeout: 'This target had no free connection in time.',
}

const createAttempt = (
  terms: Terms,
  request: InboundRequest,
  outlook: Outlook,
  { resolve, reject }: Pick<Attempt, 'resolve' | 'reject'>,
): Attempt => {
  const attempt: Attempt = {
    terms,
    request,
    outlook,
    resolve,
    reject,
    patience: createPatience({
      limits: terms.limits,
      receivedMs: request.receivedMs,
      now: terms.now,
      watch: terms.watch,
      isClientAwaited: () => attempt.exchange?.isClientAwaited() === true,
      expire: () => expire(attempt),
    }),
    waiter: {
      start() {
        attempt.startedMs = terms.now()
        terms.retries.budget.request()
        attempt.address = terms.choose(request, untried)
        dispatch(attempt)
      },
      refuse(why) {
        const about = { detail: refusals[why] }
        fail(attempt, failure('connection_limit_reached', terms.from, 'none', about))
      },
    },
    address: null,
    call: null,
    exchange: null,
    feed: null,
    isOver: false,
    hasBegun: false,
    isRenewed: false,
    tried: untried,
    isSent: false,
    isReused: false,
    isHeard: false,
    startedMs: 0,
  }
  return attempt
}

/** A `Send` over plain HTTP/1.1. */
export const createHttpSend =
  (terms: Terms): Send =>
  (request, outlook) =>
    new Promise((resolve, reject) => {
      const attempt = createAttempt(terms, request, outlook, { resolve, reject })
      outlook.onAbort((why) => cut(attempt, why))
      if (!attempt.isOver) terms.bulkhead.enter(attempt.waiter)
    })
