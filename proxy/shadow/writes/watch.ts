/** On the main thread: one request of a shadowed handler, and what it does to its database. */
import type { LaneHold } from '../../targets/lanes/lane-hold.ts'
import type { Lanes } from '../../targets/lanes/lanes.ts'
import type { Send } from '../../targets/send.ts'
import {
  isPrepared,
  isReport,
  type Prepared,
  type WritesReport,
  type WritesTerms,
} from './report.ts'

export interface Watch {
  /** For one request. */
  within(deadlineMs: number): Send
  /** After its answer; null: nobody knows, for its lane has ended. Never rejects, never takes long. */
  report(): Promise<WritesReport | null>
}

/** A snapshot taken before its primary was sent. */
export interface Standing extends Watch {
  /** Null: it was not taken. Never rejects. */
  readonly prepared: Promise<Prepared | null>
  /** Lets go of it, where no request has come. */
  release(): void
}

/** How long a handler that has answered may go on until it says what it did. */
const graceMs = 2_000

const reportOf = (found: unknown): WritesReport | null => {
  if (isReport(found)) return found
  // It was not served.
  return isPrepared(found) && found.problem !== null
    ? { kind: 'read', problem: found.problem, rows: null, differences: [] }
    : null
}

const createEar = () => {
  let hear: (report: unknown) => void = () => {}
  const heard = new Promise<unknown>((resolve) => {
    hear = resolve
  })
  return {
    hear: (report: unknown): void => hear(report),
    report(): Promise<WritesReport | null> {
      const late = setTimeout(hear, graceMs, null).unref()
      return heard.then((found) => {
        clearTimeout(late)
        return reportOf(found)
      })
    },
  }
}

/** Watches a request that takes whichever lane is free when it comes. */
export const createWatch = (lanes: Lanes, terms: WritesTerms): Watch => {
  const { hear, report } = createEar()
  return { report, within: (ms) => lanes.within(ms, { terms, onReport: hear }) }
}

/** A snapshot that stands for longer would cost the database more than it is worth. */
const usualLongestMs = 30_000

/** The request came too late for it: that says nothing of the handler. */
const letGo: WritesReport = {
  kind: 'capture',
  problem: {
    reason: 'snapshot_lost',
    detail: 'it stood for too long before the handler was asked',
  },
  rows: null,
  differences: [],
}

const standingOf = (hold: LaneHold, longestMs: number): Standing => {
  const { hear, report } = createEar()
  let isOver = false
  const letGoOf = (): void => {
    isOver = true
    hold.release()
  }
  const timer = setTimeout(letGoOf, longestMs).unref()
  return {
    report,
    within(ms) {
      clearTimeout(timer)
      if (isOver) hear(letGo)
      return hold.within(ms, hear)
    },
    prepared: hold.prepared.then((given) => (isPrepared(given) ? given : null)),
    release() {
      clearTimeout(timer)
      hold.release()
    },
  }
}

/** Takes a lane and has it take a snapshot; null: no lane is free. */
export const holdSnapshot = (
  lanes: Pick<Lanes, 'hold'>,
  longestMs: number = usualLongestMs,
): Standing | null => {
  const hold = lanes.hold({ kind: 'capture' } satisfies WritesTerms)
  return hold && standingOf(hold, longestMs)
}
