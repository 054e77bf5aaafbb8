/** What tells what legacy wrote, for as long as the process lives. */
import type { Config } from '../../../config/config.ts'
import type { Log } from '../../../telemetry/log.ts'
import type { Metrics } from '../../../telemetry/metrics.ts'
import { createCountJudged, scrapeBinlog } from '../../../telemetry/shadow-metrics.ts'
import type { JudgedBy } from '../taken-snapshot.ts'
import { type Binlog, createBinlog } from './binlog.ts'
import { binlogAddressOf, twinAddressOf } from './binlog-address.ts'

export interface BinlogParts {
  /** Null: nobody reads it. */
  readonly binlog: Binlog | null
  /** Counts by what the writes of a sample were judged. */
  onJudged(route: string, by: JudgedBy): void
}

export const createBinlogParts = (
  { handlers }: Pick<Config, 'handlers'>,
  shadow: NonNullable<Config['shadow']>,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): BinlogParts => {
  const address = binlogAddressOf({ handlers, shadow })
  const binlog = address && createBinlog({ address, twin: twinAddressOf(shadow), log })
  scrapeBinlog(metrics, binlog)
  return { binlog, onJudged: createCountJudged(metrics) }
}
