/**
 * One sample from its primary's answer to its outcome: the shadow is asked, the two are compared,
 * and where they differ both are asked once more.
 */
import type { Sandwich } from '../compare/confirm.ts'
import type { NoiseLedger } from '../compare/noise-ledger.ts'
import type { Target } from '../stage.ts'
import type { InboundRequest, Observation } from '../targets/send.ts'
import { ask } from './ask.ts'
import type { Hold } from './budget.ts'
import { createCapture } from './capture.ts'
import type { CompareResult, CompareTask } from './compare-task.ts'
import type { Comparer, ComparerFault } from './comparer.ts'
import type { Exemplar, Tally } from './finding.ts'
import { isSame } from './is-same.ts'
import type { RepeatBudget } from './repeat-budget.ts'
import type { Sample } from './sample.ts'
import { carriesSession } from './session-cookie.ts'
import type { ShadowRoute } from './shadow-route.ts'
import type { ShedReason } from './shed.ts'
import { identical, inconclusive, type Sides, shed, tallyOf, type Verdict } from './tally.ts'
import type { Turns } from './turns.ts'

/** A sample whose client has been answered. */
export interface Taken {
  readonly sample: Sample
  readonly plan: ShadowRoute
  /** As a target gets it, its upload all here. */
  readonly request: InboundRequest
  readonly primary: Observation
  /** What the shadow has already done, as the first attempt that a fallback replaced; else null. */
  readonly shadow: Observation | null
  readonly hold: Hold
  readonly repeats: RepeatBudget
  readonly ledger: NoiseLedger
  readonly limitBytes: number
}

export interface Concluded {
  readonly tally: Tally
  readonly exemplar: Exemplar | null
}

export interface RunParts {
  readonly turns: Turns
  readonly comparer: Comparer
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** 0 <= n < 1. */
  readonly random: () => number
}

/** Of the requests that may be repeated, this share is, whatever they come to. */
const aaShare = 0.01
/** A handler that has never run needs longer than one that has. */
const leastDeadlineMs = 1_000
const patience = 3

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD'])

const isSessionBound = ({ plan, request }: Taken): boolean =>
  plan.route.repeatable !== true && carriesSession(request.headers)

/** Whether legacy may be asked once more for this; takes it out of the budget. */
const takesRepeat = (taken: Taken): boolean => {
  const { plan, request, repeats } = taken
  return (
    plan.route.effects === 'read' &&
    safeMethods.has(request.method) &&
    plan.targets.legacy !== null &&
    plan.targets.modern !== null &&
    !isSessionBound(taken) &&
    !plan.isLegacyBlocked() &&
    repeats.take()
  )
}

/** What one target did; or why it was not asked, or its answer not kept. */
type Asked = Observation | ShedReason

const createAskInTurn =
  ({ turns, now }: RunParts) =>
  async (taken: Taken, target: Target, isUrgent: boolean): Promise<Asked> => {
    const { plan, request, hold, limitBytes, primary } = taken
    const asked = plan.targets[target]
    if (asked === null || !(await turns.enter(asked.name, asked.places, isUrgent)))
      return 'shutdown'
    const capture = createCapture(limitBytes, hold)
    const wanted = leastDeadlineMs + patience * (primary.targetMs ?? primary.headMs ?? 0)
    const deadlineMs = Math.min(asked.maxMs, wanted)
    try {
      const terms = { target, deadlineMs: deadlineMs + asked.queueMs, capture, now }
      const seen = await ask(asked.within(deadlineMs), request, terms)
      const why = seen.failure === null ? undefined : asked.sheds[seen.failure.code]
      return why ?? (capture.lost === 'memory' ? 'memory' : seen)
    } finally {
      turns.leave(asked.name)
    }
  }

const sidesOf = <T>({ sample, primary }: Taken, shadow: T): Record<Target, Observation | T> =>
  sample.primary === 'legacy'
    ? { legacy: primary, modern: shadow }
    : { legacy: shadow, modern: primary }

const today = (): string => new Date().toISOString().slice(0, 10)

const roundOf = (taken: Taken, shadow: Observation): Sandwich => ({
  ...sidesOf(taken, shadow),
  legacyAgain: null,
  modernAgain: null,
})

const taskOf = (
  { sample, plan, ledger }: Taken,
  sandwich: Sandwich,
  isChosen: boolean,
): CompareTask => ({
  sample,
  sandwich,
  rules: plan.rules,
  noise: ledger.places(),
  isChosen,
  today: today(),
})

const usable = (asked: Asked): Observation | null => (typeof asked === 'string' ? null : asked)

/** A mismatch of a request that must not be repeated tells nothing for certain, and is shown all the same. */
const withoutRepeat = (taken: Taken, { tally, exemplar }: CompareResult): Concluded => {
  if (!isSessionBound(taken)) return { tally, exemplar }
  const told = { outcome: 'inconclusive', reason: 'session' } as const
  return { tally: { ...tally, ...told }, exemplar: exemplar && { ...exemplar, ...told } }
}

/** Never rejects where its parts do not. */
export const createRun = (parts: RunParts): ((taken: Taken) => Promise<Concluded>) => {
  const { comparer, random } = parts
  const askInTurn = createAskInTurn(parts)

  const repeat = async (taken: Taken, round: Sandwich): Promise<Sandwich> => ({
    ...round,
    legacyAgain: usable(await askInTurn(taken, 'legacy', true)),
    modernAgain: usable(await askInTurn(taken, 'modern', true)),
  })
  const compareAgain = async (
    taken: Taken,
    first: Sandwich,
    isChosen: boolean,
  ): Promise<CompareResult | ComparerFault> => {
    const result = await comparer.compare(taskOf(taken, await repeat(taken, first), isChosen))
    if (typeof result !== 'string' && result.noise !== null) taken.ledger.learn(result.noise)
    return result
  }
  const compareRound = async (
    taken: Taken,
    first: Sandwich,
    isChosen: boolean,
  ): Promise<Concluded | ComparerFault> => {
    if (isChosen) return compareAgain(taken, first, true)
    const result = await comparer.compare(taskOf(taken, first, false))
    if (typeof result === 'string' || !result.needsRepeat) return result
    if (!takesRepeat(taken)) return withoutRepeat(taken, result)
    const again = await compareAgain(taken, first, false)
    return typeof again === 'string' ? result : again
  }

  return async (taken) => {
    const { sample, primary } = taken
    const conclude = (verdict: Verdict, sides: Sides): Concluded => ({
      tally: tallyOf(sample, verdict, sides),
      exemplar: null,
    })
    const isChosen = random() < aaShare && takesRepeat(taken)
    const shadow = taken.shadow ?? (await askInTurn(taken, sample.shadow, false))
    if (typeof shadow === 'string') return conclude(shed(shadow), sidesOf(taken, null))
    const sides = sidesOf(taken, shadow)
    if (!isChosen && isSame(primary, shadow)) return conclude(identical, sides)
    const result = await compareRound(taken, roundOf(taken, shadow), isChosen)
    if (typeof result === 'string') return conclude(inconclusive(result), sides)
    return { tally: result.tally, exemplar: result.exemplar }
  }
}
