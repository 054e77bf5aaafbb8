/** Gives an interpreter without database drivers one: text and parameters in, rows out. */
import { openSqliteFile, type SqliteFile } from '../../../migrations/sqlite-driver.ts'

/** JSON both ways: a list of parameters in, `{ rows }` or `{ error }` out. Never throws. */
export type Sql = (text: string, paramsJson: string) => string

const runSql = (file: SqliteFile, text: string, paramsJson: string): string => {
  const step = file.step(text, JSON.parse(paramsJson) as unknown[])
  try {
    return JSON.stringify({ rows: step.run().rows })
  } catch (error) {
    step.abandon()
    return JSON.stringify({ error: error instanceof Error ? error.message : String(error) })
  }
}

/** Waits up to five seconds for another process's lock, and blocks meanwhile, as Ruby's would. */
export const createSqlBridge = (file: string): Sql => {
  const database = openSqliteFile(file, { create: false })
  database.step('PRAGMA busy_timeout = 5000', []).run()
  return (text, paramsJson) => runSql(database, text, paramsJson)
}
