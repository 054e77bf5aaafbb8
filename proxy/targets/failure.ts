/** Makers of failures, and of the answers that Banyan gives in their place. */
import { type ErrorCode, errorRow, type FallbackCause, problem } from '../errors.ts'
import { wholeBody } from './body.ts'
import type { Failure, Observation, TargetResponse } from './send.ts'

export const failure = (
  code: ErrorCode,
  party: Failure['party'],
  effect: Failure['effect'],
  about: { detail?: string; cause?: unknown } = {},
): Failure =>
  Object.freeze({
    code,
    party,
    effect,
    detail: about.detail ?? `${errorRow(code).title}.`,
    cause: about.cause ?? null,
  })

/** Whether a caught value is a Failure: matched by shape, since two copies of a class may meet. */
export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && 'effect' in value && 'party' in value

/** A caught value as a Failure; what is none yet is Banyan's own fault. */
export const asFailure = (value: unknown): Failure =>
  isFailure(value) ? value : failure('proxy_internal_error', 'banyan', 'unknown', { cause: value })

/**
 * Which fallback cause a failed attempt is, or null when it is none. `effect: 'none'` always counts
 * as `notSent`, unless the code says something more exact that proves the same.
 */
export const fallbackCause = ({ code, effect }: Failure): FallbackCause | null => {
  const { cause } = errorRow(code)
  if (effect === 'none' && cause !== 'breakerOpen' && cause !== 'bulkheadFull') return 'notSent'
  return cause
}

/** Banyan's own answer: a problem document. */
export const problemResponse = (
  why: Failure,
  requestId: string,
  instead: Observation | null = null,
): TargetResponse => {
  const { status, headers, body } = problem(why.code, why.detail, requestId)
  return {
    from: 'banyan',
    status,
    reason: '',
    headers,
    body: wholeBody(body),
    failure: why,
    instead,
  }
}
