/**
 * What INSERT, REPLACE, UPDATE and DELETE would do, told by the server on a snapshot: every question
 * is a read. Nothing here can write.
 */

import {
  at,
  columnValue,
  keyOf,
  literalOf,
  type Overlay,
  overlayRead,
  rowsTable,
  touch,
  whereKey,
} from './overlay.ts'
import type { Span } from './sql-cursor.ts'
import type { Assignment, Change, Insert } from './sql-statement.ts'
import { readTokens, type SqlReading } from './sql-tokens.ts'
import {
  type AskRows,
  type Column,
  isBinary,
  quoteName,
  type SqlRow,
  type SqlValue,
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

const mostRows = 1_000

const untold = (message: string): never => {
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

const allColumns = ({ columns }: TableFacts): string =>
  columns.map(({ name }) => quoteName(name)).join(', ')

const textOf = (sql: string, { from, to }: Span): string => sql.slice(from, to)

/** Rows as their columns would hold them. */
const stored = async (
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

const noDefault = ({ name }: Column): Error =>
  serverError(
    1364,
    'ER_NO_DEFAULT_FOR_FIELD',
    'HY000',
    `Field '${name}' doesn't have a default value`,
  )

const nullRefused = ({ name }: Column): Error =>
  serverError(1048, 'ER_BAD_NULL_ERROR', '23000', `Column '${name}' cannot be null`)

/** The expression that gives a column's value, where the statement says none. */
const fallbackOf = (column: Column): string => {
  if (column.isAuto || (column.fallback === null && column.isNullable)) return 'NULL'
  if (column.fallback === null) throw noDefault(column)
  return column.fallback
}

const isDefault = (text: string): boolean => /^default$/i.test(text)

const expressionsOf = (
  { facts, sql }: ChangeParts,
  { columns }: Insert,
  row: readonly Span[],
): string[] => {
  const names = columns ?? facts.columns.map(({ name }) => name)
  const places = names.map((name) => at(facts, name))
  if (places.includes(-1) || new Set(places).size < places.length)
    untold('it names a column that is not there')
  return facts.columns.map((column, n) => {
    const span = row[places.indexOf(n)]
    const text = span === undefined ? 'DEFAULT' : textOf(sql, span)
    return isDefault(text) ? fallbackOf(column) : text
  })
}

const withId = async (
  parts: ChangeParts,
  overlay: Overlay,
  row: SqlRow,
): Promise<{ row: SqlRow; id: string | null }> => {
  const n = parts.facts.columns.findIndex(({ isAuto }) => isAuto)
  if (n === -1) return { row, id: null }
  const given = row[n] ?? null
  if (given !== null && given !== '0') return { row, id: given }
  const id = await parts.nextId(parts.facts, overlay)
  return { row: row.with(n, id), id }
}

const checkNulls = ({ columns }: TableFacts, row: SqlRow): void => {
  const column = columns.find(({ isNullable }, n) => !isNullable && row[n] === null)
  if (column !== undefined) throw nullRefused(column)
}

interface Conflict {
  readonly row: SqlRow
  readonly key: string
}

/** The rows that a new one would be the same as, by each unique key. */
const conflictsOf = async (
  parts: ChangeParts,
  overlay: Overlay,
  row: SqlRow,
  besides: string | null = null,
): Promise<readonly Conflict[]> => {
  const { facts } = parts
  const found: Conflict[] = []
  for (const { name, columns } of facts.uniques) {
    if (columns.some((column) => columnValue(facts, row, column) === null)) continue
    const sql = `SELECT ${allColumns(facts)} FROM ${quoteName(facts.name)} WHERE ${whereKey(facts, row, columns)} LIMIT 2`
    for (const other of await askThrough(parts, sql, overlay)) {
      const isKnown = [besides, ...found.map((each) => keyOf(facts, each.row))].includes(
        keyOf(facts, other),
      )
      if (!isKnown) found.push({ row: other, key: name })
    }
  }
  return found
}

const duplicate = ({ facts }: ChangeParts, row: SqlRow, key: string): Error => {
  const columns = facts.uniques.find(({ name }) => name === key)?.columns ?? []
  const value = columns.map((column) => columnValue(facts, row, column)).join('-')
  return serverError(1062, 'ER_DUP_ENTRY', '23000', `Duplicate entry '${value}' for key '${key}'`)
}

/** `VALUES(a)` is what would have been inserted. */
const withValues = (parts: ChangeParts, text: string, inserted: SqlRow): string => {
  const read = readTokens(text, parts.reading)
  if ('why' in read) return untold(read.why)
  let result = text
  const found = read.tokens.flatMap((token, n) => {
    const [open, name, close] = read.tokens.slice(n + 1, n + 4)
    const isCall =
      token.is === 'word' && token.says === 'VALUES' && open?.says === '(' && close?.says === ')'
    return isCall && name !== undefined
      ? [{ from: token.from, to: close.to, column: name.raw }]
      : []
  })
  for (const { from, to, column } of found.toReversed()) {
    const place = at(parts.facts, column)
    const { dataType = '' } =
      parts.facts.columns[place] ?? untold('it names a column that is not there')
    result = `${result.slice(0, from)}${literalOf(inserted[place] ?? null, dataType)}${result.slice(to)}`
  }
  return result
}

/** Each value sees those that were set before it, which a read cannot show. */
const checkOrder = ({ sql, reading }: ChangeParts, sets: readonly Assignment[]): void => {
  const before = new Set<string>()
  for (const { column, value } of sets) {
    const read = readTokens(textOf(sql, value), reading)
    const tokens = 'why' in read ? untold(read.why) : read.tokens
    const names = tokens.filter(({ is }) => is === 'word' || is === 'name')
    if (names.some(({ raw }) => before.has(raw.toLowerCase())))
      untold('a value depends on another one that is set')
    before.add(column.toLowerCase())
  }
}

/** Rows as they are, and as they would be. */
const changedRows = async (
  parts: ChangeParts,
  overlay: Overlay,
  sets: readonly Assignment[],
  given: { readonly rest: string; readonly inserted: SqlRow | null },
): Promise<readonly { readonly before: SqlRow; readonly after: SqlRow }[]> => {
  const { facts, sql } = parts
  checkOrder(parts, sets)
  const touched = facts.columns.filter(
    ({ isTouched, name }) => isTouched && !sets.some(({ column }) => column === name),
  )
  const values = sets.map(({ column, value }) => {
    const place = at(facts, column)
    const about = facts.columns[place] ?? untold(`there is no column ${column}`)
    const text = textOf(sql, value)
    if (isDefault(text)) return { place, text: fallbackOf(about) }
    return { place, text: given.inserted === null ? text : withValues(parts, text, given.inserted) }
  })
  const now = touched.map(({ name }) => ({ place: at(facts, name), text: 'CURRENT_TIMESTAMP' }))
  const list = [allColumns(facts), ...[...values, ...now].map(({ text }) => `(${text})`)].join(', ')
  const rows = await askThrough(
    parts,
    `SELECT ${list} FROM ${quoteName(facts.name)} ${given.rest}`,
    overlay,
  )
  if (rows.length > mostRows) return untold(`it changes more than ${mostRows} rows`)
  const width = facts.columns.length
  const befores = rows.map((row) => row.slice(0, width))
  const raw = rows.map((row) => {
    const after: SqlValue[] = row.slice(0, width)
    for (const [n, { place }] of values.entries()) after[place] = row[width + n] ?? null
    return after
  })
  const afters = await stored(parts, raw)
  return befores.map((before, n) => {
    const after = [...(afters[n] ?? [])]
    const isSame = after.every((value, c) => value === before[c])
    if (!isSame)
      for (const [k, { place }] of now.entries())
        after[place] = rows[n]?.[width + values.length + k] ?? null
    checkNulls(facts, after)
    return { before, after: isSame ? before : after }
  })
}

interface State {
  overlay: Overlay
  affected: number
  insertId: string | null
}

const clash = async (
  parts: ChangeParts,
  statement: Insert,
  state: State,
  { row, conflicts }: { readonly row: SqlRow; readonly conflicts: readonly Conflict[] },
): Promise<void> => {
  const { facts } = parts
  const [first] = conflicts
  if (first === undefined) return
  if (statement.onDuplicate.length > 0) {
    if (conflicts.length > 1) untold('it is the same as more than one row')
    const rest = `WHERE ${whereKey(facts, first.row, facts.primary)}`
    const [change] = await changedRows(parts, state.overlay, statement.onDuplicate, {
      rest,
      inserted: row,
    })
    if (change === undefined || change.before === change.after) return
    state.overlay = touch(state.overlay, facts, change.before, change.after)
    state.affected += 2
    return
  }
  if (!statement.isIgnore) throw duplicate(parts, row, first.key)
}

const insertRow = async (
  parts: ChangeParts,
  statement: Insert,
  state: State,
  raw: SqlRow,
): Promise<void> => {
  const { facts } = parts
  const { row, id } = await withId(parts, state.overlay, raw)
  checkNulls(facts, row)
  const conflicts = await conflictsOf(parts, state.overlay, row)
  if (conflicts.length > 0 && statement.verb === 'insert') {
    await clash(parts, statement, state, { row, conflicts })
    return
  }
  if (conflicts.length > 0 && facts.cascades) untold('a row that goes may take others with it')
  for (const { row: old } of conflicts) state.overlay = touch(state.overlay, facts, old, null)
  state.overlay = touch(state.overlay, facts, null, row)
  state.affected += 1 + conflicts.length
  state.insertId ??= id
}

const evaluate = async (parts: ChangeParts, statement: Insert): Promise<readonly SqlRow[]> => {
  if (statement.rows.length > mostRows) return untold(`it inserts more than ${mostRows} rows`)
  const rows: SqlRow[] = []
  for (const row of statement.rows) {
    const list = expressionsOf(parts, statement, row).map((text) => `(${text})`)
    rows.push((await askThrough(parts, `SELECT ${list.join(', ')}`, parts.overlay))[0] ?? [])
  }
  return stored(parts, rows)
}

const asNumber = (id: string | null): number | string => {
  if (id === null || !/^\d+$/.test(id)) return 0
  return Number.isSafeInteger(Number(id)) ? Number(id) : id
}

export const recordInsert = async (parts: ChangeParts, statement: Insert): Promise<Changed> => {
  const rows = await evaluate(parts, statement)
  const state: State = { overlay: parts.overlay, affected: 0, insertId: null }
  for (const row of rows) await insertRow(parts, statement, state, row)
  const { overlay, affected, insertId } = state
  return { overlay, affected, matched: affected, insertId: asNumber(insertId) }
}

export const recordChange = async (parts: ChangeParts, statement: Change): Promise<Changed> => {
  const { facts, sql } = parts
  const isDelete = statement.is === 'delete'
  if (
    facts.cascades &&
    (isDelete || statement.sets.some(({ column }) => facts.primary.includes(column)))
  )
    untold('a row that goes may take others with it')
  const rest = textOf(sql, statement.rest)
  const rows = await changedRows(parts, parts.overlay, statement.sets, { rest, inserted: null })
  let overlay = parts.overlay
  let affected = 0
  for (const { before, after } of rows) {
    if (!isDelete && before === after) continue
    if (!isDelete) {
      const [conflict] = await conflictsOf(parts, overlay, after, keyOf(facts, before))
      if (conflict !== undefined && !statement.isIgnore) throw duplicate(parts, after, conflict.key)
      if (conflict !== undefined) continue
    }
    overlay = touch(overlay, facts, before, isDelete ? null : after)
    affected += 1
  }
  return { overlay, affected, matched: rows.length, insertId: 0 }
}

/** Numbers that nobody else is given: from the highest that the snapshot and the request know. */
export const createNextId = (ask: AskRows): ChangeParts['nextId'] => {
  const last = new Map<string, bigint>()
  return async (facts) => {
    const column = facts.columns.find(({ isAuto }) => isAuto)?.name ?? ''
    const known = last.get(facts.name)
    const [row] =
      known === undefined
        ? await ask(`SELECT MAX(${quoteName(column)}) FROM ${quoteName(facts.name)}`)
        : []
    const next = (known ?? BigInt(row?.[0] ?? '0')) + 1n
    last.set(facts.name, next)
    return String(next)
  }
}
