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

export const createAskInTurn =
  ({ turns, now }: Pick<RunParts, 'turns' | 'now'>) =>
  async (taken: Taken, target: Target, isUrgent: boolean): Promise<Watched> => {
    const { plan, request, hold, limitBytes, primary } = taken
    const asked = plan.targets[target]
    if (asked === null || !(await turns.enter(asked.name, asked.places, isUrgent)))
      return { asked: 'shutdown', report: null }
    const capture = createCapture(limitBytes, hold)
    const wanted = leastDeadlineMs + patience * (primary.targetMs ?? primary.headMs ?? 0)
    const deadlineMs = Math.min(asked.maxMs, wanted)
    const watch = watchOf(taken, target, asked)
    try {
      const terms = { target, deadlineMs: deadlineMs + asked.queueMs, capture, now }
      const seen = await ask(watch.within(deadlineMs), request, terms)
      return await judged(seen, asked, capture.lost === 'memory', watch)
    } finally {
      turns.leave(asked.name)
    }
  }
