/**
 * Which requests that may write are under way. In a copy of a database everything that was written
 * stands together: what one request wrote can be told only where no other one wrote meanwhile.
 */
import type { Decision } from '../../routing/choose.ts'
import type { Engine, Reservation } from '../../serve.ts'
import type { InboundRequest } from '../../targets/send.ts'
import type { WritesReport } from './report.ts'
import type { JudgedBy, TakenSnapshot } from './taken-snapshot.ts'

export interface OtherWrites {
  /** Counts one, until its end is called; once more does no harm. */
  begin(): () => void
  /** Of one that is counted itself: whether it has been the only one since, until asked. */
  watch(): () => boolean
}

/** @param isOnlyProcess whether all requests come through this process: those of others are not seen */
export const createOtherWrites = (isOnlyProcess: boolean): OtherWrites => {
  let [begun, current] = [0, 0]
  return {
    begin() {
      begun += 1
      current += 1
      let isOver = false
      return () => {
        if (!isOver) current -= 1
        isOver = true
      }
    },
    watch() {
      const [at, isFirst] = [begun, current <= 1]
      return () => isOnlyProcess && isFirst && begun === at
    },
  }
}

const counted = (request: InboundRequest, end: () => void): Reservation => ({
  request,
  tee: (answer) => answer,
  settle: end,
  release: end,
})

const reserveOr = (end: () => void, reserve: () => Reservation | null): Reservation | null => {
  try {
    return reserve()
  } catch (error) {
    end()
    throw error
  }
}

/** What does not say that it reads may write. */
export const withOtherWrites =
  (others: OtherWrites, reserve: Engine['reserve']): Engine['reserve'] =>
  (decision: Decision, request: InboundRequest): Reservation | null => {
    if (decision.route.effects === 'read') return reserve(decision, request)
    const end = others.begin()
    const shadow = reserveOr(end, () => reserve(decision, request))
    if (shadow === null) return counted(request, end)
    return {
      request: shadow.request,
      standing: shadow.standing ?? null,
      tee: shadow.tee,
      settle(seen) {
        end()
        shadow.settle(seen)
      },
      release() {
        end()
        shadow.release?.()
      },
    }
  }

const ownReport = (report: WritesReport, isAlone: boolean): WritesReport =>
  report.isOfAll !== true || isAlone
    ? report
    : { ...report, rows: null, differences: [], leftOut: 'other_writes' }

/** What was written by all, told only where that is what this one wrote. */
export const ownWrites = (
  taken: TakenSnapshot,
  isAlone: () => boolean,
  onJudged: (by: JudgedBy) => void = () => {},
): TakenSnapshot => ({
  ...taken,
  async report() {
    const found = await taken.report()
    if (found === null || found.problem !== null) return found
    const report = ownReport(found, isAlone())
    if (report.leftOut !== undefined) onJudged('nothing')
    else if (report.isOfAll === true) onJudged('copies')
    return report
  },
})
