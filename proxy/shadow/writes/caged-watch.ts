/** One sample that runs in a cage: what it writes there is held against what legacy's binary log tells. */
import type { BinlogFinding } from './binlog/binlog-messages.ts'
import type { LeftOut } from './left-out.ts'
import { moment } from './moment.ts'
import type { WritesReport, WritesTerms } from './report.ts'
import type { SnapshotTerms, TakenSnapshot } from './taken-snapshot.ts'
import type { Watch } from './watch.ts'

export interface CagedTerms extends Pick<SnapshotTerms, 'request' | 'binlog' | 'onJudged'> {
  /** Asks a lane, as soon as one is free. */
  watch(terms: WritesTerms): Watch
}

const without = (report: WritesReport, leftOut: LeftOut): WritesReport => ({ ...report, leftOut })

const withFinding = (report: WritesReport, finding: BinlogFinding): WritesReport => {
  if (finding.is !== 'found') return without(report, 'binlog_unread')
  const { differences, doubt = null } = finding
  if (doubt === null) return { ...report, differences }
  return { ...report, differences, doubt: { reason: 'twin_stale', detail: doubt } }
}

const rowsOf = ({ intended }: WritesReport): number =>
  [...(intended?.overlay.values() ?? [])].reduce((sum, { rows }) => sum + rows.size, 0)

/** To be made before the request is sent to legacy: what that has written later is found. */
export const createCagedWatch = (terms: CagedTerms): TakenSnapshot => {
  const { request, binlog = null, onJudged } = terms
  const since = moment()
  const isRecorded = binlog?.isReading() === true
  const { within, report: reported } = terms.watch({ kind: 'cage', isRecorded })

  const judge = async (report: WritesReport): Promise<WritesReport> => {
    if (!isRecorded || binlog === null) return without(report, 'no_binlog')
    const { intended = null } = report
    if (intended === null) return without(report, 'unseen_rows')
    const finding = await binlog.find({ request, since, intended })
    return withFinding({ ...report, rows: rowsOf(report) }, finding)
  }
  return {
    ...{ within, standing: null, whyNot: async () => null, release() {} },
    async report() {
      const found = await reported()
      if (found === null || found.problem !== null) return found
      const { intended: _, ...report } = await judge(found)
      onJudged?.(report.leftOut === undefined ? 'binlog' : 'nothing')
      return report
    },
  }
}
