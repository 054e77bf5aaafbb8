/** Requests that Node's parser refused: there was nothing to receive, and they are counted all the same. */
import { errorRow } from '../errors.ts'
import type { Decision } from '../routing/choose.ts'
import type { Failure, InboundRequest, Observation } from '../targets/send.ts'

/** What a client was given in an answer of Banyan's own, after `ms`. */
export const answeredObservation = (
  status: number,
  ms: number,
  why: Failure | null = null,
): Observation =>
  Object.freeze({
    from: 'banyan',
    status,
    headers: [],
    trailers: [],
    body: Object.freeze({ bytes: null, length: 0, complete: true }),
    headMs: ms,
    totalMs: ms,
    failure: why,
    instead: null,
  })

/** What the client of a refused connection was given, after `ms`. */
export const refusedObservation = (why: Failure, ms: number): Observation =>
  answeredObservation(errorRow(why.code).status, ms, why)

export interface Unreceived {
  readonly why: Failure
  readonly requestId: string
  /** Address of the socket. */
  readonly address: string
}

/** What is known of such a request, as `observe` takes it. */
export const unreceivedExchange = (
  { why, requestId, address }: Unreceived,
  route: Decision['route'],
  nowMs: number,
): {
  readonly decision: Decision
  readonly request: InboundRequest
  readonly seen: Observation
} => ({
  decision: {
    route,
    primary: 'legacy',
    fallback: null,
    shadow: null,
    reason: 'stage',
    counts: false,
  },
  request: {
    id: requestId,
    method: '',
    version: '1.1',
    url: '',
    path: '',
    headers: [],
    peer: { address, scheme: 'http', host: '', trusted: false },
    body: null,
    receivedMs: nowMs,
    refusal: why,
  },
  seen: refusedObservation(why, 0),
})
