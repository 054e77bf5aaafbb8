/** What the evidence of one route comes to: a verdict of every gate that counts comparisons. Pure. */
import type { Config, Route } from '../config/config.ts'
import { type Evidence, unseenShare } from './evidence.ts'
import { gate } from './gate.ts'
import { gatesOf } from './gates.ts'
import { type SessionCount, sessionsOf } from './session-count.ts'
import type { GateVerdict } from './verdict.ts'

export interface NamedVerdict extends GateVerdict {
  /** The gate's. */
  readonly name: string
}

/** Times are ISO 8601. Goes into the admin API as it stands. */
export interface RouteVerdicts {
  readonly epoch: string
  readonly since: string
  readonly last: string
  /** Processes that counted. */
  readonly instances: number
  /** Every sampled request, by outcome; reasons follow a colon. */
  readonly outcomes: Readonly<Record<string, number>>
  readonly trials: number
  readonly bad: number
  readonly confirmed: number
  /** Share of the traffic whose shape has not been seen. */
  readonly unseen: number
  readonly sessions: SessionCount
  /** Why the evidence started from zero; null: it is the route's first. */
  readonly resetReason: string | null
  /** `parity` first. */
  readonly gates: readonly NamedVerdict[]
}

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** @param now Unix milliseconds */
export const routeVerdicts = (
  evidence: Evidence,
  { effects, writes }: Pick<Route, 'effects' | 'writes'>,
  config: Pick<Config, 'gates'>,
  now: number,
): RouteVerdicts => {
  const { epoch, since, last, instance, outcomes, trials, bad, confirmed } = evidence
  const options = { now, effects, ...(writes === undefined ? {} : { writes }) }
  return {
    ...{ epoch, since: isoOf(since), last: isoOf(last), instances: instance.split(' ').length },
    ...{ outcomes, trials, bad, confirmed, unseen: unseenShare(evidence) },
    sessions: sessionsOf(evidence),
    resetReason: evidence.resetReason ?? null,
    gates: Object.entries(gatesOf(config))
      .filter(([, { signal }]) => signal.startsWith('shadow.'))
      .map(([name, about]) => ({ name, ...gate(evidence, about, options) })),
  }
}
