/**
 * One attempt at an HTTP upstream:
 *
 *   queued → connecting → begun → heard → head │ → body → over
 *   nothing was sent: effect none     unknown  │ an answer that breaks off is not taken back
 *
 * A place of the bulkhead is kept from `connecting` until the wire has let go of the connection.
 */
import type { Target } from '../stage.ts'
import type { AttemptEvents } from './attempt-events.ts'
import { createFeed, type Feed } from './body.ts'
import type { Bulkhead, Refusal, Waiter } from './bulkhead.ts'
import { failure, isFailure } from './failure.ts'
import { answerLines, answerTrailers } from './headers.ts'
import { createPatience, type Limits, type Patience } from './patience.ts'
import { isBodiless, rawHeader } from './raw-header.ts'
import type { Failure, InboundRequest, Outlook, RawHeaders, Send, TargetResponse } from './send.ts'
import type { Watch } from './watch.ts'
import type { Wire, WireExchange, WireListener } from './wire.ts'
import { isBroken, wireFailure } from './wire-failure.ts'
import { wireRequest } from './wire-request.ts'

/** What attempts at one upstream share. */
export interface Terms {
  readonly from: Target
  readonly bulkhead: Bulkhead
  readonly limits: Limits
  /** Monotonic milliseconds, of the same clock as `receivedMs` and the watch. */
  readonly now: () => number
  readonly watch: Watch
  readonly events: AttemptEvents
  /** Asked anew every time something is sent. */
  choosePool(): Wire
  outgoing(request: InboundRequest, pool: Wire): string[]
  /** Of the lines that an upload ended with, those that travel on. */
  outgoingTrailers(request: InboundRequest, lines: RawHeaders): RawHeaders
}

interface Attempt {
  readonly terms: Terms
  readonly request: InboundRequest
  readonly outlook: Outlook
  readonly patience: Patience
  readonly waiter: Waiter
  readonly resolve: (answer: TargetResponse) => void
  readonly reject: (why: Failure) => void
  /** The last that was chosen. */
  pool: Wire | null
  exchange: WireExchange | null
  feed: Feed | null
  /** Nobody is told anything more. */
  isOver: boolean
  /** Something may have been sent. */
  hasBegun: boolean
  hasRetried: boolean
  /** Of the last time it was sent: over a used connection; and whether a byte came back. */
  isReused: boolean
  isHeard: boolean
  startedMs: number
}

/** RFC 9110 §9.2.1: asking twice does what asking once does. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether the upstream closed a kept connection just as it was used again: RFC 9112 §9.3.1. */
const isStale = (attempt: Attempt, error: unknown): boolean =>
  attempt.isReused &&
  !attempt.isHeard &&
  !attempt.hasRetried &&
  attempt.request.body === null &&
  safeMethods.has(attempt.request.method) &&
  isBroken(error)

/** Nobody wants the rest of the body. */
const unwanted = failure('client_gone', 'client', 'unknown')

const describe = (attempt: Attempt, error: unknown): Failure =>
  isFailure(error)
    ? error
    : wireFailure(error, {
        from: attempt.terms.from,
        hasBegun: attempt.hasBegun,
        hasHead: attempt.feed !== null,
        isTls: attempt.pool?.isTls === true,
      })

const finish = (attempt: Attempt): void => {
  attempt.isOver = true
  attempt.patience.end()
}

/** Tells whoever still waits that there is no answer, or only half of one. */
const fail = (attempt: Attempt, why: Failure): void => {
  finish(attempt)
  if (why.party !== 'client') attempt.terms.events.failed(why)
  if (attempt.feed === null) attempt.reject(why)
  else attempt.feed.fail(why)
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
  events.answered(targetMs)
  const plain = { failure: null, instead: null, targetMs }
  attempt.resolve({ from, status, reason, headers, body: feed.body, ...plain })
}

const onFailed = (attempt: Attempt, error: unknown): void => {
  const { terms, isOver } = attempt
  if (!isOver && isStale(attempt, error)) {
    attempt.hasRetried = true
    attempt.exchange = null
    terms.events.retried()
    // Not from within the connection that has just died.
    setImmediate(dispatch, attempt)
    return
  }
  if (!isOver) fail(attempt, describe(attempt, error))
  terms.bulkhead.leave()
}

const createListener = (attempt: Attempt): WireListener => ({
  begun(exchange, isReused) {
    if (attempt.isOver) throw new Error('the attempt is over')
    attempt.exchange = exchange
    attempt.isReused = isReused
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
    attempt.terms.bulkhead.leave()
    attempt.feed?.end(answerTrailers(trailers))
  },
  failed: (error) => onFailed(attempt, error),
})

const dispatch = (attempt: Attempt): void => {
  const { terms, request } = attempt
  if (attempt.isOver) {
    terms.bulkhead.leave()
    return
  }
  const pool = terms.choosePool()
  attempt.pool = pool
  attempt.isHeard = false
  const asked = wireRequest(request, {
    headers: terms.outgoing(request, pool),
    trailers: (lines) => terms.outgoingTrailers(request, lines),
    needsFresh: attempt.hasRetried,
  })
  pool.dispatch(asked, createListener(attempt))
}

const refusals: Readonly<Record<Refusal, string>> = {
  full: 'Too many requests are already waiting for this target.',
  timeout: 'This target had no free connection in time.',
}

const createAttempt = (
  terms: Terms,
  request: InboundRequest,
  outlook: Outlook,
  to: Pick<Attempt, 'resolve' | 'reject'>,
): Attempt => {
  const attempt: Attempt = {
    terms,
    request,
    outlook,
    ...to,
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
        dispatch(attempt)
      },
      refuse(why) {
        const about = { detail: refusals[why] }
        fail(attempt, failure('connection_limit_reached', terms.from, 'none', about))
      },
    },
    pool: null,
    exchange: null,
    feed: null,
    isOver: false,
    hasBegun: false,
    hasRetried: false,
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
