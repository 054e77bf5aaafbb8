/** What one comparison of a sample is made of. Pure. */
import type { Sandwich } from '../compare/confirm.ts'
import type { Target } from '../stage.ts'
import type { InboundRequest, Observation } from '../targets/send.ts'
import type { CompareTask } from './compare-task.ts'
import { knownNoise } from './known-noise.ts'
import { carriesSession } from './session-cookie.ts'
import type { ShadowRoute } from './shadow-route.ts'
import type { Taken } from './taken.ts'
import type { WriteDifference } from './writes/report.ts'

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD'])

interface MaybeRepeated {
  readonly plan: Pick<ShadowRoute, 'route'>
  readonly request: Pick<InboundRequest, 'method' | 'headers'>
}

export const mayRepeat = ({ plan, request }: MaybeRepeated): boolean =>
  plan.route.effects === 'read' && safeMethods.has(request.method)

/** Whether nothing but its session forbids to ask legacy for it once more. */
export const isSessionBound = (taken: MaybeRepeated): boolean =>
  mayRepeat(taken) &&
  taken.plan.route.repeatable !== true &&
  carriesSession(taken.request.headers, taken.plan.route)

export const sidesOf = <T>(
  { sample, primary }: Taken,
  shadow: T,
): Record<Target, Observation | T> =>
  sample.primary === 'legacy'
    ? { legacy: primary, modern: shadow }
    : { legacy: shadow, modern: primary }

const today = (): string => new Date().toISOString().slice(0, 10)

export const roundOf = (taken: Taken, shadow: Observation): Sandwich => ({
  legacyAgain: null,
  modernAgain: null,
  ...sidesOf(taken, shadow),
})

/** How one sample is compared. */
export interface Round {
  readonly isChosen: boolean
  readonly writes: readonly WriteDifference[]
  /** Whether what differs in them may be nothing that the handler does. */
  readonly isDoubted: boolean
}

export const taskOf = (
  taken: Taken,
  sandwich: Sandwich,
  { isChosen, isDoubted, writes }: Round,
): CompareTask => ({
  sample: taken.sample,
  sandwich,
  isOpen: isDoubted || isSessionBound(taken),
  rules: taken.plan.rules,
  noise: knownNoise(taken.ledger.places(), taken.sample.url),
  isChosen,
  today: today(),
  ...(writes.length === 0 ? {} : { writes }),
})
