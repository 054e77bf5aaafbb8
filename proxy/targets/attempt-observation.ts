/** What is kept of a first attempt that a second one replaces. */
import type { Target } from '../stage.ts'
import type { Failure, InboundRequest, Observation, TargetResponse } from './send.ts'

const noBody: Observation['body'] = Object.freeze({ bytes: null, length: 0, complete: false })

/**
 * An attempt that had no head.
 *
 * @param nowMs monotonic, of the same clock as `receivedMs`
 */
export const failedAttempt = (
  from: Target,
  failure: Failure,
  { receivedMs }: InboundRequest,
  nowMs: number,
): Observation =>
  Object.freeze({
    from,
    status: null,
    headers: [],
    trailers: [],
    body: noBody,
    headMs: null,
    totalMs: nowMs - receivedMs,
    failure,
    instead: null,
  })

/** An attempt whose answer was not wanted. Its body is kept where it is all here, else let go. */
export const refusedAttempt = (
  { from, status, headers, body, failure, instead, targetMs }: TargetResponse,
  { receivedMs }: InboundRequest,
  nowMs: number,
): Observation => {
  const { whole } = body
  const took = nowMs - receivedMs
  return Object.freeze({
    from,
    status,
    headers,
    trailers: [],
    body:
      whole === null
        ? noBody
        : Object.freeze({ bytes: whole, length: whole.length, complete: true }),
    headMs: took,
    totalMs: took,
    targetMs,
    failure,
    instead,
  })
}
