/**
 * The second attempt. It hides a failure from the client and from nobody else: what failed travels
 * on as an observation.
 */
import type { Effects } from '../config/config.ts'
import type { FallbackCause } from '../errors.ts'
import type { Target } from '../stage.ts'
import { failedAttempt, refusedAttempt } from './attempt-observation.ts'
import { discard } from './discard.ts'
import { asFailure, fallbackCause, problemResponse } from './failure.ts'
import type { FallbackBudget } from './fallback-budget.ts'
import type { Failure, InboundRequest, Observation, Outlook, Send, TargetResponse } from './send.ts'

export interface FallbackPolicy {
  /** Whose attempt the first one is. */
  readonly from: Target
  /** What the first attempt may do to data. */
  readonly effects: Effects | null
  /** The causes that the route falls back on; what its effects forbid is ignored. */
  readonly on: readonly FallbackCause[]
  /** What the whole request may take, milliseconds since `receivedMs`. */
  readonly totalMs: number
  readonly budget: FallbackBudget
  /** Monotonic milliseconds, of the same clock as `receivedMs`. */
  readonly now: () => number
}

/** Share of the time that must be left for the second attempt. */
const leastTime = 0.25

/**
 * Causes that prove that the first attempt did nothing. Then the second repeats nothing: it is safe
 * for every route, and costs the fallback no more than if it had been asked first.
 */
const proofs: ReadonlySet<FallbackCause> = new Set(['notSent', 'breakerOpen', 'bulkheadFull'])

/** How one attempt went: an answer, or why there is none. */
type Attempt =
  | { readonly answer: TargetResponse; readonly why: null }
  | { readonly answer: null; readonly why: Failure }

const attempt = async (send: Send, request: InboundRequest, outlook: Outlook): Promise<Attempt> => {
  try {
    return { answer: await send(request, outlook), why: null }
  } catch (error) {
    return { answer: null, why: asFailure(error) }
  }
}

const causeOf = ({ answer, why }: Attempt): FallbackCause | null => {
  if (answer === null) return fallbackCause(why)
  return answer.status >= 500 && answer.from !== 'banyan' ? '5xx' : null
}

/** Whether the upload, if there is one, can be sent once more, or has not been sent at all. */
const hasUpload = ({ body }: InboundRequest): boolean =>
  body === null || body.whole !== null || !body.opened

const mayRepeat = (first: Attempt, request: InboundRequest, policy: FallbackPolicy): boolean => {
  const cause = causeOf(first)
  if (cause === null || !policy.on.includes(cause) || !hasUpload(request)) return false
  const { totalMs, effects, budget } = policy
  if (policy.now() - request.receivedMs > totalMs * (1 - leastTime)) return false
  const isProven = proofs.has(cause) && first.why?.effect === 'none'
  return isProven || (effects === 'read' && budget.take())
}

const observed = (first: Attempt, request: InboundRequest, policy: FallbackPolicy): Observation => {
  const nowMs = policy.now()
  if (first.answer === null) return failedAttempt(policy.from, first.why, request, nowMs)
  discard(first.answer.body)
  return refusedAttempt(first.answer, request, nowMs)
}

/**
 * Asks `fallback` when `primary` fails before its head, or answers 5xx, and the route allows it: two
 * attempts at most. What replaces a failed attempt carries it as `instead`; so does the problem
 * document, in case both fail. Without a second attempt the first one's answer or failure stands.
 */
export const withFallback =
  (primary: Send, fallback: Send, policy: FallbackPolicy): Send =>
  async (request, outlook) => {
    policy.budget.request()
    const first = await attempt(primary, request, outlook)
    if (mayRepeat(first, request, policy)) {
      const instead = observed(first, request, policy)
      const second = await attempt(fallback, request, outlook)
      if (second.answer === null) return problemResponse(second.why, request.id, instead)
      return { ...second.answer, instead }
    }
    if (first.answer === null) throw first.why
    return first.answer
  }
