/** INSERT, REPLACE, UPDATE and DELETE of one table, as far as their rows can be told beforehand. Pure. */
import type { Cursor, Span } from './sql-cursor.ts'
import type { Assignment, Change, Insert, Statement } from './statement.ts'

const refused = (why: string): Statement => ({ is: 'refused', why })

const notOneTable = refused('a change of something other than one plain table')

const skipPriority = (cursor: Cursor): void => {
  while (['LOW_PRIORITY', 'HIGH_PRIORITY', 'QUICK'].some((word) => cursor.skip(word))) {
    // Who comes first says nothing of what is written.
  }
}

/** A table by its plain name; null: another database, or no name. */
const tableName = (cursor: Cursor): string | null => {
  const name = cursor.name()
  return cursor.peek()?.says === '.' ? null : name
}

/** `(a, b, c)`; null: it is something else. */
const columnList = (cursor: Cursor): readonly string[] | null => {
  const columns: string[] = []
  do {
    const name = cursor.name()
    if (name === null) return null
    columns.push(name)
  } while (cursor.skip(','))
  return cursor.skip(')') ? columns : null
}

/** Expressions up to the parenthesis that ends them; null: one is missing. */
const rowOf = (cursor: Cursor): readonly Span[] | null => {
  const row: Span[] = []
  if (!cursor.skip('(')) return null
  do {
    const value = cursor.until([',', ')'])
    if (value === null) return null
    row.push(value)
  } while (cursor.skip(','))
  return cursor.skip(')') ? row : null
}

const rowsOf = (cursor: Cursor): readonly (readonly Span[])[] | null => {
  const rows: (readonly Span[])[] = []
  do {
    const row = rowOf(cursor)
    if (row === null) return null
    rows.push(row)
  } while (cursor.skip(','))
  return rows
}

const columnOf = (cursor: Cursor): string | null => {
  const name = cursor.name()
  return cursor.skip('.') ? cursor.name() : name
}

/** `a = 1, b = b + 1`; null: it is something else. */
const assignments = (cursor: Cursor, ends: readonly string[]): readonly Assignment[] | null => {
  const sets: Assignment[] = []
  do {
    const column = columnOf(cursor)
    if (column === null || !cursor.skip('=')) return null
    const value = cursor.until([',', ...ends])
    if (value === null) return null
    sets.push({ column, value })
  } while (cursor.skip(','))
  return sets
}

const duplicates = (cursor: Cursor): readonly Assignment[] | null => {
  if (cursor.isOver()) return []
  const isWhole = ['ON', 'DUPLICATE', 'KEY', 'UPDATE'].every((word) => cursor.skip(word))
  return isWhole ? assignments(cursor, ['RETURNING']) : null
}

const given = (cursor: Cursor): Pick<Insert, 'columns' | 'rows'> | null => {
  if (cursor.skip('SET')) {
    const sets = assignments(cursor, ['ON', 'RETURNING'])
    return (
      sets && { columns: sets.map(({ column }) => column), rows: [sets.map(({ value }) => value)] }
    )
  }
  const columns = cursor.skip('(') ? columnList(cursor) : undefined
  if (columns === null || !(cursor.skip('VALUES') || cursor.skip('VALUE'))) return null
  const rows = rowsOf(cursor)
  return rows && { columns: columns ?? null, rows }
}

const readInto = (cursor: Cursor, verb: Insert['verb']): Statement => {
  skipPriority(cursor)
  const isIgnore = cursor.skip('IGNORE')
  cursor.skip('INTO')
  const table = tableName(cursor)
  if (table === null) return notOneTable
  const rows = given(cursor)
  const onDuplicate = rows && duplicates(cursor)
  if (rows === null || onDuplicate === null || !cursor.isOver())
    return refused(`an ${verb.toUpperCase()} of other than values`)
  const isEven = rows.rows.every(({ length }) => length === (rows.columns ?? rows.rows[0])?.length)
  if (!isEven) return refused('rows of other lengths')
  return { is: 'insert', verb, isIgnore, table, ...rows, onDuplicate }
}

export const readInsert = (cursor: Cursor): Statement => {
  cursor.skip('INSERT')
  return readInto(cursor, 'insert')
}

export const readReplace = (cursor: Cursor): Statement => {
  cursor.skip('REPLACE')
  return readInto(cursor, 'replace')
}

const endings = ['WHERE', 'ORDER', 'LIMIT', 'RETURNING'] as const

/** What is left has to be a condition, an order or a limit. */
const withRest = (cursor: Cursor, change: Omit<Change, 'rest'>): Statement => {
  const next = cursor.peek()?.says ?? 'WHERE'
  if (!['WHERE', 'ORDER', 'LIMIT'].includes(next)) return notOneTable
  const rest = cursor.until(['RETURNING']) ?? { from: 0, to: 0 }
  return cursor.isOver() ? { ...change, rest } : refused('a change that returns rows')
}

export const readUpdate = (cursor: Cursor): Statement => {
  cursor.skip('UPDATE')
  skipPriority(cursor)
  const isIgnore = cursor.skip('IGNORE')
  const table = tableName(cursor)
  if (table === null || !cursor.skip('SET')) return notOneTable
  const sets = assignments(cursor, endings)
  return sets === null
    ? refused('an UPDATE')
    : withRest(cursor, { is: 'update', isIgnore, table, sets })
}

export const readDelete = (cursor: Cursor): Statement => {
  cursor.skip('DELETE')
  skipPriority(cursor)
  const isIgnore = cursor.skip('IGNORE')
  if (!cursor.skip('FROM')) return notOneTable
  const table = tableName(cursor)
  return table === null
    ? notOneTable
    : withRest(cursor, { is: 'delete', isIgnore, table, sets: [] })
}
