/** Runs in a lane: what stands between shadowed handlers and their database, by the form of its URL. */
import { parseStoreUrl } from '../../store/store-url.ts'
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import { guardEgress } from './egress.ts'
import { createMysqlDriver } from './mysql-driver.ts'
import { createNoDriver } from './no-driver.ts'
import { createSqliteDriver } from './sqlite-driver.ts'

/** Plain data. */
export interface LaneDatabaseOptions {
  /** Where shadows read; null: where the handlers do. */
  readonly url: string | null
  /** Whether that is a twin: a database that clients never see. */
  readonly isTwin: boolean
  /** A larger SQLite file is not copied. */
  readonly copyLimitBytes: number
}

export interface LaneHandlers {
  readonly module: string
  readonly databaseUrl: string | null
}

export const createLaneDatabase = (
  { url, isTwin, copyLimitBytes }: LaneDatabaseOptions,
  { module, databaseUrl }: LaneHandlers,
): LaneDriver => {
  const egress = guardEgress()
  const own = parseStoreUrl(databaseUrl ?? '')
  const wanted = url === null ? own : parseStoreUrl(url)
  if (wanted === null) return createNoDriver(egress)
  if (wanted.form === 'sqlite')
    return createSqliteDriver({ file: wanted.file, limitBytes: copyLimitBytes, egress })
  // Snapshots are of what legacy writes; a twin is for cages alone.
  const address = isTwin && own?.form === 'mysql' ? own : wanted
  return createMysqlDriver({ module, address, twin: isTwin ? wanted : null, egress })
}
