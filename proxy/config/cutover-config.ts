/** The parts of the config that say how answers are compared and how a route is promoted. */
import type { Stage } from '../stage.ts'

/** A rule as it stands in the file: one verb with a path, `why`, options. docs/reference/rules.md. */
export type WrittenRule = Readonly<Record<string, unknown>>

/** Names of rulesets and rules of its own, in the order of the file. */
export type Comparison = readonly (string | WrittenRule)[]

/** What of the traffic a gate counts. */
export type Signal =
  | 'shadow.mismatch'
  | 'shadow.regression'
  | 'shadow.slow'
  | 'canary.errors'
  | 'canary.slow'

/** Evidence that a promotion needs. */
export interface Gate {
  readonly signal: Signal
  /** Share of bad comparisons that is still good enough, basis points; null for canary signals. */
  readonly limitBp: number | null
  /** How much worse than legacy modern may be, a factor >= 1; null for shadow signals. */
  readonly tolerance: number | null
  /** How sure the verdict must be, basis points. */
  readonly confidenceBp: number
  readonly minSamples: number
  readonly minEvents: number
  /** Different callers. */
  readonly minKeys: number
  readonly minHours: number
  /** Share of the requests with a session that may differ unjudged, basis points. */
  readonly maxUnjudgedBp: number
}

/** One rung of a rollout. */
export interface Step {
  readonly stage: Stage
  /** Basis points; null where the stage has no weight. */
  readonly weightBp: number | null
  /** Basis points; null: what the stage does by default. */
  readonly sampleBp: number | null
  /** How long the step lasts at least. */
  readonly holdMs: number
  /** Names of gates that must pass. */
  readonly gates: readonly string[]
  /** People who must approve. */
  readonly approvals: number
}

/** A ladder of steps that promotes a route. */
export interface Rollout {
  readonly onFail: 'rollback' | 'freeze'
  /** Rest after a rollback. */
  readonly cooldownMs: number
  /** Rollbacks after which it waits for a person. */
  readonly maxRollbacks: number
  readonly steps: readonly Step[]
}

/** The rollout of a route, and how far it may go. */
export interface RolloutUse {
  /** Name of a rollout. */
  readonly use: string
  /** Promotion stops here until a person raises it; null: no limit. */
  readonly ceiling: { readonly stage: Stage; readonly weightBp: number | null } | null
}
