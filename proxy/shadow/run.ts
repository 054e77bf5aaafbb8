/**
 * One sample from its primary's answer to its outcome: the shadow is asked, the two are compared,
 * and where they differ both are asked once more.
 */
import type { Sandwich } from '../compare/confirm.ts'
import type { Observation } from '../targets/send.ts'
import { type Asked, createAskInTurn, type Watched } from './ask-in-turn.ts'
import type { CompareResult, CompareTask } from './compare-task.ts'
import type { ComparerFault } from './comparer.ts'
import type { Exemplar, Tally } from './finding.ts'
import { isSame } from './is-same.ts'
import { isSessionBound, mayRepeat, type Round, roundOf, sidesOf, taskOf } from './round.ts'
import type { RunParts, Taken } from './taken.ts'
import { identical, inconclusive, type Sides, shed, tallyOf, type Verdict } from './tally.ts'
import type { Refused } from './writes/egress.ts'
import type { WritesReport } from './writes/report.ts'
import { noteReport } from './writes/write-notes.ts'

export interface Concluded {
  readonly tally: Tally
  readonly exemplar: Exemplar | null
  /** What it was concluded from, as targets sent it; absent: nothing was compared. */
  readonly from?:
    | Pick<CompareTask, 'sandwich' | 'rules' | 'noise' | 'isChosen' | 'writes'>
    | undefined
}

const conclude = ({ sample }: Taken, verdict: Verdict, sides: Sides): Concluded => ({
  tally: tallyOf(sample, verdict, sides),
  exemplar: null,
})

/** Of the requests that may be repeated, this share is, whatever they come to. */
const aaShare = 0.01

/** Whether legacy may be asked once more for this; takes it out of the budget. */
const takesRepeat = (taken: Taken): boolean => {
  const { plan, repeats } = taken
  return (
    mayRepeat(taken) &&
    plan.targets.legacy !== null &&
    plan.targets.modern !== null &&
    !isSessionBound(taken) &&
    !plan.isLegacyBlocked() &&
    repeats.take()
  )
}

const usable = (asked: Asked): Observation | null => (typeof asked === 'string' ? null : asked)

/** A mismatch of a request that must not be repeated tells nothing for certain, and is shown all the same. */
const withoutRepeat = (taken: Taken, concluded: Concluded): Concluded =>
  isSessionBound(taken) ? forSession(concluded) : concluded

/** What a mismatch comes to that may not be modern's doing. */
export const openFor = ({ tally, exemplar, ...rest }: Concluded, reason: string): Concluded => {
  const told = { outcome: 'inconclusive', reason } as const
  return { ...rest, tally: { ...tally, ...told }, exemplar: exemplar && { ...exemplar, ...told } }
}

/** What a mismatch comes to that could be told from noise only by repeating a session's request. */
export const forSession = (concluded: Concluded): Concluded => openFor(concluded, 'session')

interface Compared extends CompareResult {
  readonly from: CompareTask
}

const asCaptured = (concluded: Concluded): Concluded => ({
  ...concluded,
  tally: { ...concluded.tally, isCaptured: true },
})

const askShadow = async (
  taken: Taken,
  askInTurn: ReturnType<typeof createAskInTurn>,
): Promise<Watched> =>
  taken.shadow === null
    ? askInTurn(taken, taken.sample.shadow, false)
    : { asked: taken.shadow, report: null }

/** Nothing is compared: the answer is of a handler that was refused what it asked for. */
const createShowEgress =
  ({ comparer }: Pick<RunParts, 'comparer'>) =>
  async (taken: Taken, shadow: Observation, egress: readonly Refused[]): Promise<Concluded> => {
    const round = { isChosen: false, isDoubted: false, writes: [] }
    const task = { ...taskOf(taken, roundOf(taken, shadow), round), egress }
    const result = await comparer.compare(task)
    if (typeof result !== 'string') return { tally: result.tally, exemplar: result.exemplar }
    return conclude(taken, inconclusive('egress'), sidesOf(taken, shadow))
  }

const createCompareRound = (
  { comparer }: Pick<RunParts, 'comparer'>,
  askInTurn: ReturnType<typeof createAskInTurn>,
) => {
  const repeat = async (taken: Taken, round: Sandwich): Promise<Sandwich> => ({
    ...round,
    legacyAgain: usable((await askInTurn(taken, 'legacy', true)).asked),
    modernAgain: usable((await askInTurn(taken, 'modern', true)).asked),
  })
  const compareTask = async (task: CompareTask): Promise<Compared | ComparerFault> => {
    const result = await comparer.compare(task)
    return typeof result === 'string' ? result : { from: task, ...result }
  }
  const compareAgain = async (
    taken: Taken,
    first: Sandwich,
    round: Round,
  ): Promise<Compared | ComparerFault> => {
    const result = await compareTask(taskOf(taken, await repeat(taken, first), round))
    if (typeof result !== 'string' && result.noise !== null) taken.ledger.learn(result.noise)
    return result
  }
  const compareFirst = async (
    taken: Taken,
    first: Sandwich,
    round: Round,
  ): Promise<Compared | ComparerFault> => {
    const result = round.isChosen
      ? await compareAgain(taken, first, round)
      : await compareTask(taskOf(taken, first, round))
    const isLearnt = typeof result !== 'string' && round.writes.length > 0 && !round.isDoubted
    if (isLearnt) taken.writeLedger?.learn(result.writes)
    return result
  }
  const compareRound = async (
    taken: Taken,
    first: Sandwich,
    round: Round,
  ): Promise<Concluded | ComparerFault> => {
    const result = await compareFirst(taken, first, round)
    if (typeof result === 'string' || round.isChosen || !result.needsRepeat) return result
    if (!takesRepeat(taken)) return withoutRepeat(taken, result)
    const again = await compareAgain(taken, first, round)
    return typeof again === 'string' ? result : again
  }
  return compareRound
}

/** Never rejects where its parts do not. */
export const createRun = (parts: RunParts): ((taken: Taken) => Promise<Concluded>) => {
  const askInTurn = createAskInTurn(parts)

  const compareRound = createCompareRound(parts, askInTurn)
  const showEgress = createShowEgress(parts)
  const compareAnswers = async (
    taken: Taken,
    shadow: Observation,
    round: Round,
  ): Promise<Concluded> => {
    const sides = sidesOf(taken, shadow)
    const first = roundOf(taken, shadow)
    const { isChosen, writes } = round
    if (!isChosen && writes.length === 0 && isSame(taken.primary, shadow)) {
      const from = { sandwich: first, rules: taken.plan.rules, noise: [], isChosen }
      return { from, ...conclude(taken, identical, sides) }
    }
    const result = await compareRound(taken, first, round)
    if (typeof result === 'string') return conclude(taken, inconclusive(result), sides)
    return { tally: result.tally, exemplar: result.exemplar, from: result.from }
  }

  const concludeWritten = async (
    taken: Taken,
    shadow: Observation,
    report: WritesReport,
    isChosen: boolean,
  ): Promise<Concluded> => {
    const { problem, doubt, kind, differences: writes, egress } = report
    if (problem !== null) {
      noteReport(parts.writeNotes, taken.sample.route, report)
      if (egress !== undefined) return showEgress(taken, shadow, egress)
      return conclude(taken, inconclusive(problem.reason), sidesOf(taken, shadow))
    }
    const round = { isChosen, writes, isDoubted: doubt !== undefined }
    const concluded = await compareAnswers(taken, shadow, round)
    const isOpen = doubt !== undefined && concluded.tally.outcome === 'mismatch'
    noteReport(
      parts.writeNotes,
      taken.sample.route,
      isOpen ? { ...report, problem: doubt } : report,
    )
    if (isOpen) return openFor(concluded, doubt.reason)
    return kind === 'capture' ? asCaptured(concluded) : concluded
  }

  return async (taken) => {
    const late = (await taken.standing?.whyNot()) ?? null
    if (late !== null) return conclude(taken, inconclusive(late), sidesOf(taken, null))
    const isChosen = parts.random() < aaShare && takesRepeat(taken)
    const { asked, report } = await askShadow(taken, askInTurn)
    if (typeof asked === 'string') return conclude(taken, shed(asked), sidesOf(taken, null))
    if (report === null)
      return compareAnswers(taken, asked, { isChosen, writes: [], isDoubted: false })
    return concludeWritten(taken, asked, report, isChosen)
  }
}
