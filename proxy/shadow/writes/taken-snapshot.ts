/** The snapshot of one sample, and whether it stood before its primary was sent. */
import { setTimeout as pass } from 'node:timers/promises'
import type { InconclusiveReason } from '../../compare/outcome.ts'
import type { Binlog } from './binlog/binlog.ts'
import type { BinlogFinding } from './binlog/binlog-messages.ts'
import { moment } from './moment.ts'
import type { Intended, WritesReport } from './report.ts'
import type { Standing, Watch } from './watch.ts'

export interface TakenSnapshot extends Watch {
  /** What the primary waits for; null: nothing. */
  readonly standing: Promise<void> | null
  /** Why it tells nothing; null: it stood in time, or what it reports says so. Never rejects. */
  whyNot(): Promise<InconclusiveReason | null>
  release(): void
}

/** By what the writes of a sample were judged: legacy's own log, what its database holds, all rows of a file. */
export type JudgedBy = 'binlog' | 'state' | 'copies' | 'nothing'

export interface SnapshotTerms {
  /** How long the primary may wait; 0: not at all. */
  readonly waitMs: number
  /** The id of the request, which legacy is told too. */
  readonly request: string
  /** Null or absent: there is none. */
  readonly binlog?: Pick<Binlog, 'find' | 'isReading'> | null
  readonly onJudged?: ((by: JudgedBy) => void) | undefined
}

const late = (report: WritesReport | null, detail: string): WritesReport => ({
  kind: 'capture',
  problem: { reason: 'snapshot_late', detail },
  rows: report?.rows ?? null,
  differences: [],
})

const began = 'legacy had begun to write before the snapshot stood'
const notNamed =
  'the snapshot stood only after the request was sent, and the binary log names no transaction of it'

/** What a report comes to with what the log tells. @param isLate by the clock */
const withFinding = (
  report: WritesReport,
  finding: BinlogFinding,
  isLate: boolean,
): WritesReport => {
  const exactly = finding.is === 'unnamed' ? null : finding.isLate
  if (exactly === true) return late(report, began)
  if (exactly === null && isLate) {
    return late(report, finding.is === 'unread' ? `${began}: ${finding.why}` : notNamed)
  }
  return finding.is === 'found' ? { ...report, differences: finding.differences } : report
}

/** Null: they were not; or whoever knows what others wrote meanwhile tells it of copies. */
const judgedBy = (
  { problem, isOfAll, leftOut }: WritesReport,
  { is }: BinlogFinding,
): JudgedBy | null => {
  if (problem !== null || isOfAll === true || leftOut !== undefined) return null
  return is === 'found' ? 'binlog' : 'state'
}

/** Taken out, since nobody else needs it, and it holds rows. */
const withoutIntended = ({ intended: _, ...report }: WritesReport): WritesReport => report

export const createTakenSnapshot = (standing: Standing, terms: SnapshotTerms): TakenSnapshot => {
  const { waitMs, request, binlog = null, onJudged } = terms
  const { prepared, within, release } = standing
  const since = moment()
  let forwardedAt = since
  const wait = async (): Promise<void> => {
    const over = new AbortController()
    const tooLong = pass(waitMs, null, { signal: over.signal }).catch(() => null)
    await Promise.race([prepared, tooLong])
    over.abort()
    forwardedAt = moment()
  }
  const findIn = async (intended: Intended | null): Promise<BinlogFinding> =>
    binlog?.isReading() === true && intended !== null
      ? binlog.find({ request, since, intended })
      : { is: 'unnamed' }
  const isLate = async (): Promise<boolean> => ((await prepared)?.stoodAt ?? 0) > forwardedAt

  return {
    ...{ within, release },
    standing: waitMs === 0 ? null : wait(),
    async whyNot() {
      const found = await prepared
      if (found === null) return 'snapshot_lost'
      if (found.problem !== null) return found.problem.reason
      // Its log tells better than the clock.
      if (binlog?.isReading() === true) return null
      return found.stoodAt > forwardedAt ? 'snapshot_late' : null
    },
    async report() {
      const [report, stoodLate] = [await standing.report(), await isLate()]
      if (report === null) return stoodLate ? late(null, notNamed) : null
      if (report.problem !== null) return withoutIntended(report)
      const finding = await findIn(report.intended ?? null)
      const told = withFinding(report, finding, stoodLate)
      const by = judgedBy(told, finding)
      if (by !== null) onJudged?.(by)
      return withoutIntended(told)
    },
  }
}
