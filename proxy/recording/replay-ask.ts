/** Asks targets what a recording asks: one beside a recorded answer, or both anew. */

import type { NoiseLedger } from '../compare/noise-ledger.ts'
import type { Rule } from '../compare/rule.ts'
import { ask } from '../shadow/ask.ts'
import { createShadowBudget } from '../shadow/budget.ts'
import { createCapture } from '../shadow/capture.ts'
import type { Comparer } from '../shadow/comparer.ts'
import { createNoiseLedgers } from '../shadow/noise-ledgers.ts'
import type { Redact } from '../shadow/redact.ts'
import { type Concluded, createRun } from '../shadow/run.ts'
import type { ShadowRoute, ShadowTarget } from '../shadow/shadow-route.ts'
import { createTurns } from '../shadow/turns.ts'
import type { Target } from '../stage.ts'
import type { InboundRequest, Observation } from '../targets/send.ts'
import { explainRedaction, mayOverlook } from './explain-redaction.ts'
import { legacyAgainThen, withNoiseThen } from './legacy-then.ts'
import type { Recorded } from './recorded.ts'
import { sampleOf } from './recorded-sample.ts'
import { withRedaction } from './redacting-send.ts'
import { replayRequest, type Supplied } from './replay-request.ts'

export interface ReplayAskOptions {
  readonly supplied: Supplied
  readonly comparer: Comparer
  readonly redact: Redact
  /** Whether the recording was redacted with the key that `redact` uses. */
  readonly hasKey: boolean
  readonly bodyLimitBytes: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export interface ReplayAsk {
  /** Compares what the shadow says with a recorded answer. */
  beside(recorded: Recorded, plan: ShadowRoute, given: Given): Promise<Concluded>
  /** Compares what the shadow says with what legacy says now. */
  anew(recorded: Recorded, plan: ShadowRoute, shadow: Target): Promise<Concluded>
}

interface Given {
  readonly primary: Observation
  readonly shadow: Target
}

interface Asked extends Given {
  readonly request: InboundRequest
  readonly plan: ShadowRoute
  readonly ledger: NoiseLedger
}

const unlimited = { earn() {}, take: () => true }

/** Where the answers of one exchange are redacted. */
const createHidden = ({ hasKey }: Pick<ReplayAskOptions, 'hasKey'>) => {
  const found: string[] = []
  return {
    add: (places: readonly string[]): void => void found.push(...places),
    /** The places of which nothing can be told by the tokens that stand there. */
    untold: (rules: readonly Rule[]): readonly string[] =>
      hasKey ? found.filter(mayOverlook(rules)) : found,
  }
}

type Parts = ReturnType<typeof createParts>

/** What all of a replay is asked and compared with. */
const createParts = ({ comparer, bodyLimitBytes, now }: ReplayAskOptions) => {
  const ledgers = createNoiseLedgers()
  const budget = createShadowBudget({ queue: Number.MAX_SAFE_INTEGER, memoryBytes: 2 ** 40 })
  const run = createRun({
    turns: createTurns(),
    comparer,
    now,
    random: () => 1,
    refusal: () => null,
  })
  return {
    ledgerOf: ({ route, compared }: Recorded, { epoch }: ShadowRoute): NoiseLedger =>
      ledgers.of(route, compared?.epoch ?? epoch),
    askLegacy({ maxMs, queueMs, within }: ShadowTarget, request: InboundRequest) {
      const capture = createCapture(bodyLimitBytes, budget.hold())
      return ask(within(maxMs), request, {
        ...{ target: 'legacy', capture, stopsUnkept: false, now, deadlineMs: maxMs + queueMs },
      })
    },
    async conclude(recorded: Recorded, asked: Asked): Promise<Concluded> {
      const { primary, shadow, plan } = asked
      const from = primary.from === 'modern' ? 'modern' : 'legacy'
      const sample = sampleOf(recorded, plan, { primary: from, shadow })
      const hold = budget.hold()
      const concluded = await run({
        ...{ ...asked, sample, hold, shadow: null, repeats: unlimited },
        limitBytes: bodyLimitBytes,
      })
      hold.end()
      return concluded
    },
  }
}

const createBeside = (
  options: ReplayAskOptions,
  { ledgerOf, conclude }: Parts,
): ReplayAsk['beside'] => {
  const { supplied, redact, bodyLimitBytes, now } = options
  const redacting = (
    target: ShadowTarget | null,
    onRedacted: (places: readonly string[]) => void,
  ): ShadowTarget | null =>
    target && {
      ...target,
      within: (ms) =>
        withRedaction(target.within(ms), { redact, limitBytes: bodyLimitBytes, onRedacted }),
    }
  return async (recorded, plan, { primary, shadow }) => {
    const { compared } = recorded
    const hidden = createHidden(options)
    const { request, missing } = replayRequest(recorded, supplied, now())
    const { legacy, modern } = plan.targets
    const targets = {
      // Legacy's repeat is what it said again then.
      legacy: shadow === 'modern' ? legacyAgainThen(compared) : redacting(legacy, hidden.add),
      modern: redacting(modern, hidden.add),
    }
    const ledger = withNoiseThen(ledgerOf(recorded, plan), compared)
    const asked = { request, primary, shadow, plan: { ...plan, targets }, ledger }
    const concluded = await conclude(recorded, asked)
    const ofAnswer = hidden.untold(plan.rules)
    return explainRedaction(concluded, { ofRequest: missing, ofAnswer })
  }
}

export const createReplayAsk = (options: ReplayAskOptions): ReplayAsk => {
  const { supplied, now } = options
  const parts = createParts(options)
  const { ledgerOf, askLegacy, conclude } = parts
  return {
    beside: createBeside(options, parts),
    async anew(recorded, plan, shadow) {
      const { legacy } = plan.targets
      if (legacy === null) throw new TypeError(`${plan.route.id} has no legacy`)
      const { request } = replayRequest(recorded, supplied, now())
      const primary = await askLegacy(legacy, request)
      const ledger = ledgerOf(recorded, plan)
      return conclude(recorded, { request, primary, shadow, plan, ledger })
    },
  }
}
