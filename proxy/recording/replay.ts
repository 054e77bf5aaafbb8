/** Replays one recorded exchange: asks who is to be asked, compares, and says what it came to. */
import type { Rule } from '../compare/rule.ts'
import { ask } from '../shadow/ask.ts'
import { createShadowBudget } from '../shadow/budget.ts'
import { createCapture } from '../shadow/capture.ts'
import type { Comparer } from '../shadow/comparer.ts'
import { createNoiseLedgers } from '../shadow/noise-ledgers.ts'
import type { Redact } from '../shadow/redact.ts'
import { requestFingerprint, requestShape } from '../shadow/request-shape.ts'
import { isSessionBound } from '../shadow/round.ts'
import { type Concluded, createRun, forSession } from '../shadow/run.ts'
import type { Sample } from '../shadow/sample.ts'
import { carriesSession } from '../shadow/session-cookie.ts'
import type { ShadowRoute, ShadowTarget } from '../shadow/shadow-route.ts'
import { noSides, tallyOf } from '../shadow/tally.ts'
import { createTurns } from '../shadow/turns.ts'
import type { InboundRequest, Observation } from '../targets/send.ts'
import { explainRedaction, judgedAnew, mayOverlook } from './explain-redaction.ts'
import { nameRules } from './name-rules.ts'
import type { Recorded, RecordedComparison } from './recorded.ts'
import { withRedaction } from './redacting-send.ts'
import type { ReplayChoice } from './replay-choice.ts'
import { replayRequest, type Supplied } from './replay-request.ts'
import { asToldThen, isToldBy } from './told-then.ts'

export interface ReplayOptions {
  readonly plans: ReadonlyMap<string, ShadowRoute>
  /** In place of the rules of every route; null: each has its own. */
  readonly rules: readonly Rule[] | null
  readonly supplied: Supplied
  readonly comparer: Comparer
  readonly redact: Redact
  /** Whether the recording was redacted with the key that `redact` uses. */
  readonly hasKey: boolean
  readonly bodyLimitBytes: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Resolves with what it came to. Never rejects where its parts do not. */
export type Replay = (recorded: Recorded, choice: ReplayChoice) => Promise<Concluded>

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const sampleOf = (
  { id, route, at, revision, request, compared }: Recorded,
  plan: ShadowRoute,
  sides: Pick<Sample, 'primary' | 'shadow'>,
): Sample => {
  const { method, url, headers, body } = request
  const path = url.split('?', 1)[0] ?? ''
  return {
    ...{ id, route, at, revision, method, url, headers, body, ...sides },
    epoch: compared?.epoch ?? plan.epoch,
    shape: requestShape({ method, url, path, headers }, plan.route),
    hasSession: carriesSession(headers, plan.route),
    fingerprint: requestFingerprint(request, route, body),
  }
}

/** As the shadow told it then: nothing was compared that could be compared again. */
const asTold = (sample: Sample, { outcome, reason, confirmed }: RecordedComparison): Concluded => ({
  tally: tallyOf(
    sample,
    { outcome, reason, confirmed, comparison: null, discordant: null },
    noSides,
  ),
  exemplar: null,
})

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
  const judged = judgedAnew(concluded, compared, rules)
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

const unlimited = { earn() {}, take: () => true }

/** Where answers are redacted, until their exchange is over. */
const createHidden = ({ hasKey }: Pick<ReplayOptions, 'hasKey'>) => {
  const all = new Map<string, readonly string[]>()
  return {
    add(id: string, places: readonly string[]): void {
      all.set(id, [...(all.get(id) ?? []), ...places])
    },
    /** The places of which nothing can be told by the tokens that stand there. */
    take(id: string, rules: readonly Rule[]): readonly string[] {
      const found = all.get(id) ?? []
      all.delete(id)
      return hasKey ? found.filter(mayOverlook(rules)) : found
    },
  }
}

export const createReplay = (options: ReplayOptions): Replay => {
  const { supplied, comparer, redact, bodyLimitBytes, now } = options
  const turns = createTurns()
  const ledgers = createNoiseLedgers()
  const budget = createShadowBudget({ queue: Number.MAX_SAFE_INTEGER, memoryBytes: 2 ** 40 })
  const run = createRun({ turns, comparer, now, random: () => 1, refusal: () => null })
  const hidden = createHidden(options)
  const redacting = (target: ShadowTarget | null): ShadowTarget | null =>
    target && {
      ...target,
      within: (ms) =>
        withRedaction(target.within(ms), {
          redact,
          limitBytes: bodyLimitBytes,
          onRedacted: hidden.add,
        }),
    }
  const askLegacy = (
    { maxMs, queueMs, within }: ShadowTarget,
    request: InboundRequest,
  ): Promise<Observation> => {
    const capture = createCapture(bodyLimitBytes, budget.hold())
    return ask(within(maxMs), request, {
      ...{ target: 'legacy', capture, now, deadlineMs: maxMs + queueMs },
    })
  }
  const askAgain = async (
    recorded: Recorded,
    { primary: answer, shadow }: Extract<ReplayChoice, { is: 'ask' }>,
    plan: ShadowRoute,
  ): Promise<Concluded> => {
    const { request, missing } = replayRequest(recorded, supplied, now())
    const { legacy, modern } = plan.targets
    const isRecorded = answer !== null
    const targets = isRecorded
      ? { legacy: redacting(legacy), modern: redacting(modern) }
      : plan.targets
    const primary = answer ?? (legacy === null ? null : await askLegacy(legacy, request))
    if (primary === null) throw new TypeError(`${plan.route.id} has no legacy`)
    const from = primary.from === 'modern' ? 'modern' : 'legacy'
    const sample = sampleOf(recorded, plan, { primary: from, shadow })
    const hold = budget.hold()
    const concluded = await run({
      ...{ sample, request, primary, hold, shadow: null, repeats: unlimited },
      plan: { ...plan, targets },
      ledger: ledgers.of(recorded.route, sample.epoch),
      limitBytes: bodyLimitBytes,
    })
    hold.end()
    const ofAnswer = hidden.take(recorded.id, plan.rules)
    return isRecorded ? explainRedaction(concluded, { ofRequest: missing, ofAnswer }) : concluded
  }
  return (recorded, choice) => {
    const plan = planOf(options, recorded.route)
    return choice.is === 'compare'
      ? compareAgain(recorded, choice.compared, plan, comparer)
      : askAgain(recorded, choice, plan)
  }
}
