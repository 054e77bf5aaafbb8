/** Asks one target for one sample, as soon as it is its turn. */
import type { Target } from '../stage.ts'
import type { Observation } from '../targets/send.ts'
import { ask } from './ask.ts'
import { createCapture } from './capture.ts'
import type { ShadowTarget } from './shadow-route.ts'
import type { ShedReason } from './shed.ts'
import type { RunParts, Taken } from './taken.ts'
import type { WritesReport } from './writes/report.ts'
import type { Watch } from './writes/watch.ts'

const noReport = async (): Promise<null> => null

/** A handler that has never run needs longer than one that has. */
const leastDeadlineMs = 1_000
const patience = 3

/** What one target did; or why it was not asked, or its answer not kept. */
export type Asked = Observation | ShedReason

/** What a target did, and to its database; null: nobody knows, or it was not watched. */
export interface Watched {
  readonly asked: Asked
  readonly report: WritesReport | null
}

const watchOf = (taken: Taken, target: Target, asked: ShadowTarget): Watch => {
  const standing = target === taken.sample.shadow ? taken.standing : null
  return standing ?? asked.watch?.() ?? { within: asked.within, report: noReport }
}

/** What becomes of an answer that came, or did not. */
const judged = async (
  seen: Observation,
  { sheds }: ShadowTarget,
  isLost: boolean,
  watch: Watch,
): Promise<Watched> => {
  const why = seen.failure === null ? undefined : sheds[seen.failure.code]
  if (why !== undefined) return { asked: why, report: null }
  return isLost ? { asked: 'memory', report: null } : { asked: seen, report: await watch.report() }
}

type Parts = Pick<RunParts, 'turns' | 'now' | 'refusal'>

/** Why it is not asked, now that it is its turn: much may have happened since it began to wait. */
const whyNot = ({ plan }: Taken, target: Target, { refusal }: Parts): ShedReason | null =>
  refusal() ?? (target === 'legacy' && plan.isLegacyBlocked() ? 'blocked' : null)

const askNow = async (
  taken: Taken,
  target: Target,
  asked: ShadowTarget,
  { now }: Parts,
): Promise<Watched> => {
  const { request, hold, limitBytes, primary } = taken
  const capture = createCapture(limitBytes, hold)
  const wanted = leastDeadlineMs + patience * (primary.targetMs ?? primary.headMs ?? 0)
  const deadlineMs = Math.min(asked.maxMs, wanted)
  const watch = watchOf(taken, target, asked)
  // A handler that is let go in the middle writes what it would not have written, or less.
  const stopsUnkept = asked.watch === undefined
  const terms = { target, deadlineMs: deadlineMs + asked.queueMs, capture, stopsUnkept, now }
  const seen = await ask(watch.within(deadlineMs), request, terms)
  return judged(seen, asked, capture.lost === 'memory', watch)
}

export const createAskInTurn =
  (parts: Parts) =>
  async (taken: Taken, target: Target, isUrgent: boolean): Promise<Watched> => {
    const asked = taken.plan.targets[target]
    if (asked === null || !(await parts.turns.enter(asked.name, asked.places, isUrgent)))
      return { asked: 'shutdown', report: null }
    try {
      const why = whyNot(taken, target, parts)
      return why === null ? await askNow(taken, target, asked, parts) : { asked: why, report: null }
    } finally {
      parts.turns.leave(asked.name)
    }
  }
