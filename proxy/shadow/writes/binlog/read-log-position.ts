/** Asks a server where its binary log stands. */
import type { AskRows } from '../table-facts.ts'
import type { LogPosition } from './log-position.ts'

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

const statements = ['SHOW BINARY LOG STATUS', 'SHOW MASTER STATUS']

/** The end of what is committed, of any server. Rejects where the account may not know it. */
export const readLogEnd = async (server: {
  readonly ask: AskRows
}): Promise<LogPosition | null> => {
  const told = await readLogPosition(server)
  if (told !== null) return told
  const [newer = '', older = ''] = statements
  const rows = await server.ask(newer).catch(() => server.ask(older))
  const [file, offset] = rows[0] ?? []
  return file ? { file, offset: Number(offset) } : null
}
