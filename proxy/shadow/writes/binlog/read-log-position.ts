/** Asks a server where its binary log stands. */
import type { AskRows } from '../table-facts.ts'
import type { LogPosition, ServerTime } from './log-position.ts'

/**
 * The place of the snapshot that the connection is on; without one, the place of what was committed
 * last (MariaDB, and Percona Server; no privilege is needed). Null: the server does not tell.
 */
export const readLogPosition = async ({
  ask,
}: {
  readonly ask: AskRows
}): Promise<LogPosition | null> => {
  const rows = await ask("SHOW STATUS LIKE 'binlog_snapshot_%'")
  const said = new Map(rows.map(([name, value]) => [name?.toLowerCase(), value ?? '']))
  const [file, offset] = [said.get('binlog_snapshot_file'), said.get('binlog_snapshot_position')]
  return file ? { file, offset: Number(offset) } : null
}

/** The time on the server's clock, of MySQL; MariaDB tells places, and says in no event when it was. */
export const readServerTime = async ({
  ask,
  isMariadb,
}: {
  readonly ask: AskRows
  readonly isMariadb: boolean
}): Promise<ServerTime | null> => {
  if (isMariadb) return null
  const since = "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"
  const [[micros] = []] = await ask(`SELECT ${since}`)
  return micros ? { micros: Number(micros) } : null
}

const noSuchStatement = 'ER_PARSE_ERROR'

/** Its file, where it ends, the schemas it is of, and those it is not of, with commas between them. */
const askStatus = async (ask: AskRows): ReturnType<AskRows> =>
  ask('SHOW BINARY LOG STATUS').catch((error: { readonly code?: unknown }) => {
    // What a server does not let the account do, it does not let it do by another name.
    if (error.code !== noSuchStatement) throw error
    return ask('SHOW MASTER STATUS')
  })

/** The end of what is committed, of any server. Rejects where the account may not know it. */
export const readLogEnd = async (server: {
  readonly ask: AskRows
}): Promise<LogPosition | null> => {
  const told = await readLogPosition(server)
  if (told !== null) return told
  const [[file, offset] = []] = await askStatus(server.ask)
  return file ? { file, offset: Number(offset) } : null
}

const holds = (list: string, schema: string): boolean =>
  list.split(',').some((each) => each.trim().toLowerCase() === schema.toLowerCase())

/**
 * The option that keeps changes of a schema out of the log; null: none does, or the account may not know.
 * Where the log is of some schemas only, nothing is asked of those that it is not of (MySQL manual,
 * "Evaluation of Database-Level Replication and Binary Logging Options").
 */
export const readLogFilter = async (
  server: { readonly ask: AskRows },
  schema: string,
): Promise<'binlog_do_db' | 'binlog_ignore_db' | null> => {
  const [[, , only, never] = []] = await askStatus(server.ask).catch(() => [])
  if (only) return holds(only, schema) ? null : 'binlog_do_db'
  return never && holds(never, schema) ? 'binlog_ignore_db' : null
}
