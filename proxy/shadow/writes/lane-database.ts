/** Runs in a lane: what stands between shadowed handlers and their database, by the form of its URL. */
import { parseStoreUrl } from '../../store/store-url.ts'
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import { guardEgress } from './egress.ts'
import type { LaneDatabaseOptions } from './lane-database-of.ts'
import { createMysqlDriver } from './mysql-driver.ts'
import { createNoDriver } from './no-driver.ts'
import { withEgress } from './with-egress.ts'

export interface LaneHandlers {
  readonly module: string
  readonly databaseUrl: string | null
  /** A directory that it may make; default: another one. */
  readonly scratch?: string
}

/** The lane is guarded from here on. */
export const createLaneDatabase = async (
  { url, isTwin, isWriting, copyLimitBytes, egress: reachable }: LaneDatabaseOptions,
  { module, databaseUrl, scratch }: LaneHandlers,
): Promise<LaneDriver> => {
  const own = parseStoreUrl(databaseUrl ?? '')
  const wanted = url === null ? own : parseStoreUrl(url)
  const egress = guardEgress(reachable)
  if (wanted?.form === 'mysql') {
    // Snapshots are of what legacy writes; a twin is for cages alone.
    const address = isTwin && own?.form === 'mysql' ? own : wanted
    const twin = isTwin ? wanted : null
    return withEgress(createMysqlDriver({ module, address, twin, egress }), egress)
  }
  if (wanted === null || !isWriting) return withEgress(createNoDriver(isWriting), egress)
  // It loads libsql, which not every machine can.
  const { createSqliteDriver } = await import('./sqlite-driver.ts')
  const driver = createSqliteDriver({
    ...{ file: wanted.file, limitBytes: copyLimitBytes },
    ...(scratch === undefined ? {} : { directory: scratch }),
  })
  return withEgress(driver, egress)
}
