/** What legacy and modern made of one SQLite file: all rows of it, before and after. */
import { askSqliteFiles } from '../../store/sqlite-module.ts'
import { compareWriteSets } from './compare-write-sets.ts'
import type { LeftOut } from './left-out.ts'
import type { WriteDifference } from './report.ts'
import { sqliteChanges, TooMuchError } from './sqlite-changes.ts'
import { readTables, type State } from './sqlite-tables.ts'

export interface SqliteWrites {
  /** Rows that modern wrote. */
  readonly rows: number
  readonly differences: readonly WriteDifference[]
}

/** The report is waited for no longer than two seconds, and the copies take their part of it. */
const longestMs = 1_000

const none: ReadonlyMap<string, ReadonlySet<string>> = new Map()

/**
 * @param files nobody writes to them any more
 * @returns text: why it cannot be told
 */
export const compareSqlite = (files: Readonly<Record<State, string>>): SqliteWrites | LeftOut => {
  const end = performance.now() + longestMs
  const isOver = (): boolean => performance.now() > end
  try {
    return askSqliteFiles(files, (ask) => {
      const tables = readTables(ask)
      const modern = sqliteChanges(ask, tables, 'modern', isOver)
      const overlay = sqliteChanges(ask, tables, 'legacy', isOver)
      const rows = [...modern.values()].reduce((sum, table) => sum + table.rows.size, 0)
      return { rows, differences: compareWriteSets(modern, { overlay, unknown: none }) }
    })
  } catch (error) {
    return error instanceof TooMuchError ? 'too_large' : 'unreadable'
  }
}
