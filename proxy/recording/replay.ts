/** Replays one recorded exchange: asks who is to be asked, compares, and says what it came to. */
import type { Rule } from '../compare/rule.ts'
import type { Comparer } from '../shadow/comparer.ts'
import { isSessionBound } from '../shadow/round.ts'
import { type Concluded, forSession, openFor } from '../shadow/run.ts'
import type { Sample } from '../shadow/sample.ts'
import type { ShadowRoute } from '../shadow/shadow-route.ts'
import { noSides, tallyOf } from '../shadow/tally.ts'
import { judgedAnew } from './explain-redaction.ts'
import { nameRules } from './name-rules.ts'
import type { Recorded, RecordedComparison } from './recorded.ts'
import { sampleOf } from './recorded-sample.ts'
import { createReplayAsk, type ReplayAskOptions } from './replay-ask.ts'
import type { ReplayChoice } from './replay-choice.ts'
import { asToldThen, isToldBy } from './told-then.ts'

export interface ReplayOptions extends ReplayAskOptions {
  readonly plans: ReadonlyMap<string, ShadowRoute>
  /** In place of the rules of every route; null: each has its own. */
  readonly rules: readonly Rule[] | null
}

/** Resolves with what it came to. Never rejects where its parts do not. */
export type Replay = (recorded: Recorded, choice: ReplayChoice) => Promise<Concluded>

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

/** As the shadow told it then: nothing was compared that could be compared again. */
const asTold = (sample: Sample, { outcome, reason, confirmed }: RecordedComparison): Concluded => ({
  tally: tallyOf(
    sample,
    { outcome, reason, confirmed, comparison: null, discordant: null },
    noSides,
  ),
  exemplar: null,
})

/** What was doubted then is no more certain by other rules. */
const asDoubted = (
  judged: Concluded,
  { outcome, reason, places = [] }: RecordedComparison,
): Concluded => {
  const wasOpen = outcome === 'inconclusive' && places.some(({ as }) => as === 'difference')
  return wasOpen && reason !== null && judged.tally.outcome === 'mismatch'
    ? openFor(judged, reason)
    : judged
}

/** Compares the recorded answers once more, as the shadow did with them. */
const compareAgain = async (
  recorded: Recorded,
  compared: RecordedComparison,
  plan: ShadowRoute,
  comparer: Comparer,
): Promise<Concluded> => {
  const { primary, shadow, legacyAgain, modernAgain, noise, writes, isChosen } = compared
  const other = primary === 'legacy' ? 'modern' : 'legacy'
  const sample = sampleOf(recorded, plan, { primary, shadow: other })
  if (shadow === null) return asTold(sample, compared)
  const sandwich = {
    legacy: primary === 'legacy' ? recorded.answer : shadow,
    modern: primary === 'legacy' ? shadow : recorded.answer,
    ...{ legacyAgain, modernAgain },
  }
  const { rules } = plan
  const today = dayOf(recorded.at)
  const task = { sample, sandwich, rules, noise, writes, isChosen, today }
  const result = await comparer.compare(task)
  if (typeof result === 'string') {
    return asTold(sample, { ...compared, outcome: 'inconclusive', reason: result })
  }
  const concluded = { tally: result.tally, exemplar: result.exemplar, from: task }
  if (isToldBy(compared, nameRules(rules))) return asToldThen(concluded, compared)
  const judged = asDoubted(judgedAnew(concluded, compared, rules), compared)
  const isMismatch = result.needsRepeat && judged.tally.outcome === 'mismatch'
  const isOpen = isMismatch && legacyAgain === null
  return isOpen && isSessionBound({ plan, request: recorded.request }) ? forSession(judged) : judged
}

const planOf = (
  { plans, rules }: Pick<ReplayOptions, 'plans' | 'rules'>,
  route: string,
): ShadowRoute => {
  const plan = plans.get(route)
  if (plan === undefined) throw new TypeError(`no route ${route} was chosen`)
  return rules === null ? plan : { ...plan, rules }
}

export const createReplay = (options: ReplayOptions): Replay => {
  const asking = createReplayAsk(options)
  return (recorded, choice) => {
    const plan = planOf(options, recorded.route)
    if (choice.is === 'compare') {
      return compareAgain(recorded, choice.compared, plan, options.comparer)
    }
    const { primary, shadow } = choice
    return primary === null
      ? asking.anew(recorded, plan, shadow)
      : asking.beside(recorded, plan, { primary, shadow })
  }
}
