/** What a breaker learns from one call. Pure. */
import type { ErrorCode } from '../errors.ts'
import type { Failure, TargetResponse } from './send.ts'

/** `neutral`: says nothing of the target, so it counts neither for nor against it. */
export type CallResult = 'passed' | 'failed' | 'neutral'

/** How an answer and a failure are read. */
export interface ResultReader {
  answer(answer: Pick<TargetResponse, 'status'>): CallResult
  failure(why: Failure): CallResult
}

/** A target that is full, draining or already passed over has not been tried. */
const untried: ReadonlySet<ErrorCode> = new Set([
  'connection_limit_reached',
  'destination_unavailable',
  'breaker_open',
])

const readFailure = ({ code, party }: Failure): CallResult =>
  party === 'client' || party === 'banyan' || untried.has(code) ? 'neutral' : 'failed'

/**
 * For the breaker of a route's modern target. A 4xx is an answer: the target works, and a breaker
 * that left it out would see nothing but the failures among many of them.
 */
export const modernResult: ResultReader = {
  answer: ({ status }) => (status >= 500 && status !== 501 ? 'failed' : 'passed'),
  failure: readFailure,
}

/** For the breaker of an upstream's address: any head at all shows that it is alive. */
export const addressResult: ResultReader = { answer: () => 'passed', failure: readFailure }
