import type { Route } from '../config/config.ts'
import type { Target } from '../stage.ts'

/** Why the primary is who it is. Log field, metric label and span attribute as it stands. */
export const decisionReasons = ['kill', 'forced', 'breaker', 'health', 'weight', 'stage'] as const
export type DecisionReason = (typeof decisionReasons)[number]

/** What happens to one request. */
export interface Decision {
  readonly route: Route
  readonly primary: Target
  /** Who answers when the primary fails before its head, where the route's effects allow it. */
  readonly fallback: Target | null
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
