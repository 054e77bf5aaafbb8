/** A change that is told and not made: what all kinds of them share. Every question is a read. */
import { type Overlay, overlayRead, rowsTable } from './overlay.ts'
import type { Span } from './sql-cursor.ts'
import { readTokens, type SqlReading } from './sql-tokens.ts'
import {
  type AskRows,
  type Column,
  isBinary,
  quoteName,
  type SqlRow,
  type TableFacts,
} from './table-facts.ts'

/** What a change comes to, without having happened. */
export interface Changed {
  readonly overlay: Overlay
  readonly affected: number
  /** Rows that its condition found, changed or not. */
  readonly matched: number
  /** 0: none was given out. */
  readonly insertId: number | string
}

/** It cannot be told what the change would do. */
export class UntoldError extends Error {
  readonly reason: 'statement' | 'own_write'
  constructor(reason: 'statement' | 'own_write', message: string) {
    super(message)
    this.name = 'UntoldError'
    this.reason = reason
  }
}

/** What the server would have answered. */
export const serverError = (
  errno: number,
  code: string,
  sqlState: string,
  message: string,
): Error => Object.assign(new Error(message), { errno, code, sqlState, sqlMessage: message })

export interface ChangeParts {
  readonly ask: AskRows
  readonly reading: SqlReading
  readonly overlay: Overlay
  readonly facts: TableFacts
  /** The text that spans are of; its places filled in. */
  readonly sql: string
  /** The next number of the table's own, lane-private. */
  nextId(facts: TableFacts, overlay: Overlay): Promise<string>
}

export const mostRows = 1_000

export const untold = (message: string): never => {
  throw new UntoldError('statement', message)
}

/** A question that sees what was recorded before. */
export const askThrough = (
  { ask, reading }: Pick<ChangeParts, 'ask' | 'reading'>,
  sql: string,
  overlay: Overlay,
): Promise<readonly SqlRow[]> => {
  const read = readTokens(sql, reading)
  if ('why' in read) return untold(read.why)
  const text = overlayRead(sql, read.tokens, sql.length, overlay)
  if (text === null)
    throw new UntoldError('own_write', 'it reads what it wrote, in a way that cannot be answered')
  return ask(text)
}

export const allColumns = ({ columns }: TableFacts): string =>
  columns.map(({ name }) => quoteName(name)).join(', ')

export const textOf = (sql: string, { from, to }: Span): string => sql.slice(from, to)

/** Rows as their columns would hold them. */
export const stored = async (
  { ask, facts }: Pick<ChangeParts, 'ask' | 'facts'>,
  rows: readonly SqlRow[],
): Promise<readonly SqlRow[]> => {
  if (rows.length === 0) return []
  if (facts.columns.some(isBinary)) return untold('it writes a table that holds bytes')
  const found = await ask(
    `SELECT ${allColumns(facts)} FROM ${rowsTable(facts, rows)} AS \`banyan_rows\``,
  )
  for (const [n, row] of rows.entries()) {
    const lost = row.findIndex((value, c) => value !== null && found[n]?.[c] == null)
    if (lost !== -1) untold(`a value does not fit column ${facts.columns[lost]?.name}`)
  }
  return found
}

export const noDefault = ({ name }: Column): Error =>
  serverError(
    1364,
    'ER_NO_DEFAULT_FOR_FIELD',
    'HY000',
    `Field '${name}' doesn't have a default value`,
  )

/** The expression that gives a column's value, where the statement says none. */
export const fallbackOf = (column: Column): string => {
  if (column.isAuto || (column.fallback === null && column.isNullable)) return 'NULL'
  if (column.fallback === null) throw noDefault(column)
  return column.fallback
}

export const isDefault = (text: string): boolean => /^default$/i.test(text)

export const nullRefused = ({ name }: Column): Error =>
  serverError(1048, 'ER_BAD_NULL_ERROR', '23000', `Column '${name}' cannot be null`)

export const checkNulls = ({ columns }: TableFacts, row: SqlRow): void => {
  const column = columns.find(({ isNullable }, n) => !isNullable && row[n] === null)
  if (column !== undefined) throw nullRefused(column)
}
