/**
 * Decides who answers a request: kill > force > breaker and health > weight > stage. What a stage
 * does is read from its plan; nothing here knows the name of one.
 */
import type { Route } from '../config/config.ts'
import type { FallbackCause } from '../errors.ts'
import { otherTarget, type Plan, plans, type Target } from '../stage.ts'
import type { InboundRequest } from '../targets/send.ts'
import { inWeight } from './bucket.ts'
import { callerKey } from './caller.ts'

/** Why the primary is who it is. Log field, metric label and span attribute as it stands. */
export const decisionReasons = ['kill', 'forced', 'breaker', 'health', 'weight', 'stage'] as const
export type DecisionReason = (typeof decisionReasons)[number]

/** What happens to one request. */
export interface Decision {
  readonly route: Route
  readonly primary: Target
  /** Who answers when the primary fails before its head, where the route's effects allow it. */
  readonly fallback: Target | null
  /** Who is asked as well, for the route's sample of requests. */
  readonly shadow: Target | null
  readonly reason: DecisionReason
  /** False for forced traffic, which is answered like any other and is never evidence. */
  readonly counts: boolean
}

/** What choose reads of the world between requests. Answers at once, changes nothing. */
export interface Conditions {
  /** Whether a kill is in force: the route's traffic belongs to legacy. */
  killed(route: Route): boolean
  /** Why this target of this route should get no traffic now; null: it may. */
  blocked(route: Route, target: Target): 'breaker' | 'health' | null
}

/** What choose reads of a request. */
export type Asked = Pick<InboundRequest, 'headers'>

/** Diverting is a fallback before the first attempt, so it needs the same leave as one after. */
const divertingCause: Readonly<Record<'breaker' | 'health', FallbackCause>> = {
  breaker: 'breakerOpen',
  health: 'notSent',
}

/** Whether a route knows how to reach a target. */
export const hasTarget = (route: Route, target: Target): boolean => route[target] !== null

/** Whom the stage names; the other one where the route has no such target. */
const primaryOf = (asked: Asked, route: Route, { primary }: Plan): Target => {
  const wanted = primary === 'split' ? splitTarget(asked, route) : primary
  return hasTarget(route, wanted) || !hasTarget(route, otherTarget(wanted))
    ? wanted
    : otherTarget(wanted)
}

const splitTarget = (asked: Asked, route: Route): Target => {
  const key = callerKey(asked, route.caller)
  return key !== null && inWeight(route.cohort, key, route.weightBp) ? 'modern' : 'legacy'
}

const fallbackOf = (route: Route, primary: Target, { fallback }: Plan): Target | null =>
  fallback !== null && fallback !== primary && hasTarget(route, fallback) ? fallback : null

/** Whether asking the second target as well leaves no trace in the data. */
const mayShadow = ({ effects, writes = 'off' }: Route, { shadowReadsOnly }: Plan): boolean =>
  effects === 'read' || (effects !== null && !shadowReadsOnly && writes !== 'off')

/** Whoever would be asked as well; which of the requests are sampled, `reserve` counts. */
const shadowOf = (route: Route, primary: Target, plan: Plan): Target | null => {
  if (plan.shadow === null || route.sampleBp <= 0 || !mayShadow(route, plan)) return null
  const shadow = otherTarget(primary)
  const isMeant = plan.shadow === 'other' || plan.shadow === shadow
  return isMeant && hasTarget(route, shadow) ? shadow : null
}

const alone = (route: Route, primary: Target, reason: DecisionReason): Decision => ({
  route,
  primary,
  fallback: null,
  shadow: null,
  reason,
  counts: true,
})

/** Forced traffic has no fallback: whoever asks for a target wants to see it fail. */
const forcedDecision = (asked: Asked, route: Route, forced: Target): Decision => {
  const stands = hasTarget(route, forced)
  const primary = stands ? forced : primaryOf(asked, route, plans[route.stage])
  return { ...alone(route, primary, stands ? 'forced' : 'stage'), counts: false }
}

/**
 * Pure: same request, route, conditions and force, same decision.
 *
 * - A kill sends the route to legacy; a route without legacy is left as it is.
 * - A forced target that the route does not have leaves the choice to the stage; it never counts.
 * - A blocked target is passed over only where a fallback stands: diverting, never refusing. Then
 *   the fallback is asked whatever its own condition, and the blocked one not even as a shadow.
 *
 * @param forced the target that a valid force names; null: none
 */
export const choose = (
  asked: Asked,
  route: Route,
  conditions: Conditions,
  forced: Target | null,
): Decision => {
  if (hasTarget(route, 'legacy') && conditions.killed(route)) return alone(route, 'legacy', 'kill')
  if (forced !== null) return forcedDecision(asked, route, forced)
  const plan = plans[route.stage]
  const primary = primaryOf(asked, route, plan)
  const fallback = fallbackOf(route, primary, plan)
  const block = fallback === null ? null : conditions.blocked(route, primary)
  if (fallback !== null && block !== null && route.fallbackOn.includes(divertingCause[block])) {
    return alone(route, fallback, block)
  }
  return {
    route,
    primary,
    fallback,
    shadow: shadowOf(route, primary, plan),
    reason: plan.primary === 'split' ? 'weight' : 'stage',
    counts: true,
  }
}
