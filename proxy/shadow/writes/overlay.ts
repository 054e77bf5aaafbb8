/**
 * What was recorded and not written, so that later reads of the same request see it: each table that
 * it touches is read as what the snapshot holds, without the touched rows, and with what became of
 * them. The server itself answers; nothing of SQL is computed here.
 */

import type { SqlToken } from './sql-tokens.ts'
import {
  isBinary,
  quoteName,
  quoteText,
  type SqlRow,
  type SqlValue,
  type TableFacts,
} from './table-facts.ts'

/** One row that was touched: as the snapshot has it, and as it would be. Null: there is none. */
export interface TouchedRow {
  readonly before: SqlRow | null
  readonly after: SqlRow | null
}

export interface TouchedTable {
  readonly facts: TableFacts
  /** By primary key, as `keyOf` writes it. */
  readonly rows: ReadonlyMap<string, TouchedRow>
}

/** By table. Never changed: another one takes its place. */
export type Overlay = ReadonlyMap<string, TouchedTable>

export const emptyOverlay: Overlay = new Map()

/** How long all values of its rows are together. */
export const lengthOf = (overlay: Overlay): number => {
  let sum = 0
  for (const { rows } of overlay.values())
    for (const { before, after } of rows.values())
      for (const value of [...(before ?? []), ...(after ?? [])]) sum += value?.length ?? 0
  return sum
}

export const at = (facts: TableFacts, column: string): number =>
  facts.columns.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase())

export const columnValue = (facts: TableFacts, row: SqlRow, column: string): SqlValue =>
  row[at(facts, column)] ?? null

export const keyOf = (facts: TableFacts, row: SqlRow): string =>
  JSON.stringify(facts.primary.map((column) => columnValue(facts, row, column)))

/** The overlay with one more change; `before` is what was there until now. */
export const touch = (
  overlay: Overlay,
  facts: TableFacts,
  before: SqlRow | null,
  after: SqlRow | null,
): Overlay => {
  const rows = new Map(overlay.get(facts.name)?.rows)
  const put = (row: SqlRow, was: SqlRow | null, is: SqlRow | null): void => {
    const key = keyOf(facts, row)
    const known = rows.get(key)
    const first = known === undefined ? was : known.before
    // A row that came and went was never there.
    if (first === null && is === null) rows.delete(key)
    else rows.set(key, { before: first, after: is })
  }
  if (before !== null) put(before, before, null)
  if (after !== null) put(after, null, after)
  const next = new Map(overlay)
  if (rows.size === 0) next.delete(facts.name)
  else next.set(facts.name, { facts, rows })
  return next
}

/** A value as an expression of the type of its column. */
export const literalOf = (value: SqlValue, dataType: string): string => {
  if (value === null) return 'NULL'
  if (/int|decimal|year/.test(dataType) && /^-?\d+(\.\d+)?$/.test(value)) return value
  return quoteText(value)
}

/** Rows as a table whose columns have the types of the real one. MySQL >= 8.0.4, MariaDB >= 10.6. */
export const rowsTable = (facts: TableFacts, rows: readonly SqlRow[]): string => {
  const objects = rows.map((row) =>
    Object.fromEntries(row.flatMap((value, n) => (value === null ? [] : [[`c${n}`, value]]))),
  )
  const columns = facts.columns.map(
    ({ name, type }, n) => `${quoteName(name)} ${type} PATH '$.c${n}'`,
  )
  return `JSON_TABLE(${quoteText(JSON.stringify(objects))}, '$[*]' COLUMNS (${columns.join(', ')}))`
}

const columnsOf = ({ columns }: TableFacts): string =>
  columns.map(({ name }) => quoteName(name)).join(', ')

/** Which row, in the words of SQL. */
export const whereKey = (facts: TableFacts, row: SqlRow, columns: readonly string[]): string =>
  columns
    .map((column) => {
      const { dataType = '' } = facts.columns[at(facts, column)] ?? {}
      return `${quoteName(column)} = ${literalOf(columnValue(facts, row, column), dataType)}`
    })
    .join(' AND ')

const touchedWhere = ({ facts, rows }: TouchedTable): string =>
  [...rows.values()]
    .map(({ before, after }) => `(${whereKey(facts, before ?? after ?? [], facts.primary)})`)
    .join(' OR ')

/** What stands for a table of which rows were touched; null: that cannot be said in SQL. */
const derivedTable = (touched: TouchedTable): string | null => {
  const { facts, rows } = touched
  if (facts.columns.some(isBinary)) return null
  const there = [...rows.values()].flatMap(({ after }) => (after === null ? [] : [after]))
  const columns = columnsOf(facts)
  const kept = `SELECT ${columns} FROM ${quoteName(facts.name)} WHERE NOT (${touchedWhere(touched)})`
  if (there.length === 0) return `(${kept})`
  return `(${kept} UNION ALL SELECT ${columns} FROM ${rowsTable(facts, there)} AS \`banyan_rows\`)`
}

const endsAlias: ReadonlySet<string> = new Set(
  (
    'WHERE ORDER LIMIT GROUP HAVING ON USING JOIN INNER LEFT RIGHT CROSS NATURAL STRAIGHT_JOIN ' +
    'UNION EXCEPT INTERSECT WINDOW FOR LOCK USE FORCE IGNORE PARTITION OFFSET FETCH'
  ).split(' '),
)

const isName = (token: SqlToken | undefined): boolean =>
  token?.is === 'name' || (token?.is === 'word' && !endsAlias.has(token.says))

const opensTable = (token: SqlToken | undefined): boolean =>
  token?.is === 'word' && ['FROM', 'JOIN', 'STRAIGHT_JOIN'].includes(token.says)

/** A name of a table that is only a qualifier, an alias or the column of something. */
const isHarmless = (tokens: readonly SqlToken[], n: number): boolean =>
  tokens[n + 1]?.says === '.' || tokens[n - 1]?.says === '.' || tokens[n - 1]?.says === 'AS'

interface Replaced {
  readonly from: number
  readonly to: number
  readonly by: string
}

const replacementAt = (
  tokens: readonly SqlToken[],
  n: number,
  touched: TouchedTable,
): Replaced | 'harmless' | null => {
  const [token, next, last] = [tokens[n], tokens[n + 1], tokens[n - 1]]
  if (token === undefined) return null
  if (!opensTable(last) || next?.says === '.') return isHarmless(tokens, n) ? 'harmless' : null
  // Hints about indexes or partitions mean the real table.
  if (['USE', 'FORCE', 'PARTITION', 'IGNORE'].includes(next?.is === 'word' ? next.says : ''))
    return null
  const derived = derivedTable(touched)
  if (derived === null) return null
  const hasAlias = (next?.is === 'word' && next.says === 'AS') || isName(next)
  const alias = hasAlias ? '' : ` AS ${quoteName(token.raw)}`
  return { from: token.from, to: token.to, by: derived + alias }
}

const isTable = ({ is, raw }: SqlToken, name: string): boolean =>
  (is === 'name' || is === 'word') && raw.toLowerCase() === name.toLowerCase()

/**
 * A read as it sees what was recorded.
 *
 * @param to where the part of the text ends that is read
 * @returns null where it touches a table in a way that cannot be answered
 */
export const overlayRead = (
  sql: string,
  tokens: readonly SqlToken[],
  to: number,
  overlay: Overlay,
): string | null => {
  const found = [...overlay].flatMap(([name, touched]) =>
    tokens.flatMap((token, n) => (isTable(token, name) ? [replacementAt(tokens, n, touched)] : [])),
  )
  if (found.includes(null)) return null
  const replaced = found.filter((each) => each !== null && each !== 'harmless')
  let text = sql.slice(0, to)
  for (const { from, to: end, by } of replaced.toSorted((a, b) => b.from - a.from)) {
    text = text.slice(0, from) + by + text.slice(end)
  }
  return text
}

/** Names of the tables among these that a statement mentions in any way. */
export const mentioned = (
  tokens: readonly SqlToken[],
  names: Iterable<string>,
): readonly string[] => [...names].filter((name) => tokens.some((token) => isTable(token, name)))
