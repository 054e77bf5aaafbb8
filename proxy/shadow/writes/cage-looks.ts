/**
 * Where to look for the rows that a change in a cage touches: before it is made, and after. The server
 * itself says how many there are, so none is overlooked.
 */
import { type ChangeParts, fallbackOf, mostRows, textOf, untold } from './change-parts.ts'
import type { Numbers } from './far-numbers.ts'
import { columnValue, whereKey } from './overlay.ts'
import { saidOf } from './record-insert.ts'
import { createCursor } from './sql-cursor.ts'
import { readTokens, type SqlToken } from './sql-tokens.ts'
import type { Change, Insert } from './statement.ts'
import {
  type Column,
  isPlain,
  quoteName,
  quoteText,
  type SqlRow,
  type TableFacts,
} from './table-facts.ts'

/** What the server says of a change. */
export interface ChangeHeader {
  readonly affectedRows: number
  readonly changedRows: number
  readonly info: string
}

/** Rows that were looked at before it and after it. */
export interface Counts {
  readonly made: number
  readonly changed: number
  readonly gone: number
}

/** What one change may touch. */
export interface Look {
  /** Rows that it may touch, as they are. */
  readonly before: readonly SqlRow[]
  /** What finds them again, and those that it makes; null: there is nothing to be found. */
  readonly where: string | null
  /** The question that its effect depends on; null: on nothing. */
  readonly asks: string | null
  /** Whether that is all that it did. */
  isAll(counts: Counts, header: ChangeHeader): boolean
}

export interface LookParts extends Pick<ChangeParts, 'ask' | 'reading' | 'facts' | 'sql'> {
  readonly numbers: Numbers
}

/** Bytes are told in a form that loses none of them. */
const columnsOf = ({ columns }: TableFacts): string =>
  columns
    .map((column) => {
      const name = quoteName(column.name)
      return isPlain(column) ? name : `HEX(${name})`
    })
    .join(', ')

/** The question for whole rows. */
export const rowsWhere = (facts: TableFacts, where: string): string =>
  `SELECT ${columnsOf(facts)} FROM ${quoteName(facts.name)} ${where}`

/** The condition that finds rows by their keys; null: there are none. */
export const whereRows = (facts: TableFacts, rows: readonly SqlRow[]): string | null =>
  rows.length === 0
    ? null
    : rows.map((row) => `(${whereKey(facts, row, facts.primary)})`).join(' OR ')

const tokensOf = ({ sql, reading }: LookParts): readonly SqlToken[] => {
  const read = readTokens(sql, reading)
  return 'why' in read ? untold(read.why) : read.tokens
}

const isOf = (names: readonly string[], column: string): boolean =>
  names.some((name) => name.toLowerCase() === column.toLowerCase())

const checkTable = (parts: LookParts, sets: readonly { readonly column: string }[]): void => {
  const { facts } = parts
  if (facts.unseen !== null) untold(`table ${facts.name}: ${facts.unseen}`)
  if (facts.columns.some((column) => isOf(facts.primary, column.name) && !isPlain(column)))
    untold(`table ${facts.name}: its key holds bytes`)
  const keys = facts.uniques.filter(({ name }) => name === 'PRIMARY' || facts.cascades)
  if (sets.some(({ column }) => keys.some(({ columns }) => isOf(columns, column))))
    untold('it changes a key')
  if (tokensOf(parts).some(({ is, says }) => is === 'word' && says === 'SELECT'))
    untold('it reads within a change')
}

/** Of which no more is compared than a fraction; a lane has only so much room. */
const mostBytes = 4 * 1_048_576
const isLong = ({ dataType }: Column): boolean => /text|blob|json/.test(dataType)

/** Asked before they are read. */
const checkLength = async ({ ask, facts }: LookParts, where: string): Promise<void> => {
  const lengths = facts.columns
    .filter(isLong)
    .map(({ name }) => `COALESCE(LENGTH(${quoteName(name)}), 0)`)
  if (lengths.length === 0) return
  const [row] = await ask(
    `SELECT COALESCE(SUM(${lengths.join(' + ')}), 0) FROM ${quoteName(facts.name)} ${where}`,
  )
  if (Number(row?.[0]) > mostBytes) untold(`it looks at more than ${mostBytes} bytes`)
}

/** What goes with a row is no part of the statement, and not logged by legacy either. */
const checkCascades = async ({ ask, facts }: LookParts): Promise<void> => {
  if (!facts.cascades) return
  const rows = await ask(
    `SELECT 1 FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE UNIQUE_CONSTRAINT_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = ${quoteText(facts.name)} AND DELETE_RULE NOT IN ('RESTRICT', 'NO ACTION') LIMIT 1`,
  )
  if (rows.length > 0) untold('a row that goes takes others with it')
}

/** `WHERE …` alone: which rows are the first of them is the server's to say. */
const conditionOf = (parts: LookParts, { rest }: Change): string => {
  const tokens = tokensOf(parts).filter(({ from, to }) => from >= rest.from && to <= rest.to)
  const span = createCursor(tokens).until(['ORDER', 'LIMIT'])
  return span === null ? '' : textOf(parts.sql, span)
}

export const lookAtChange = async (parts: LookParts, statement: Change): Promise<Look> => {
  const { facts, ask } = parts
  checkTable(parts, statement.sets)
  if (statement.is === 'delete') await checkCascades(parts)
  const condition = conditionOf(parts, statement)
  const asks = rowsWhere(facts, condition)
  await checkLength(parts, condition)
  const before = await ask(`${asks} LIMIT ${mostRows + 1}`)
  if (before.length > mostRows) untold(`it looks at more than ${mostRows} rows`)
  return {
    ...{ before, asks, where: whereRows(facts, before) },
    isAll: ({ changed, gone }, { changedRows, affectedRows }) =>
      statement.is === 'delete' ? gone === affectedRows : gone === 0 && changed === changedRows,
  }
}

/** A number that the server gives out is none that a row says. */
const withoutAuto = (facts: TableFacts, row: SqlRow): SqlRow =>
  row.map((value, n) => (facts.columns[n]?.isAuto === true && value === '0' ? null : value))

const temporal: Readonly<Record<string, string>> = {
  ...{ date: 'DATE', time: 'TIME', datetime: 'DATETIME', timestamp: 'DATETIME' },
}

/** Whoever looks for a time finds it only as precise as it is kept. */
const asStored = ({ dataType, type }: Column, text: string): string => {
  const kind = temporal[dataType]
  return kind === undefined ? text : `CAST(${text} AS ${kind}${/\(\d\)/.exec(type)?.[0] ?? ''})`
}

/** What each row says of columns that are part of a key; of the others it says nothing here. */
const keysGiven = async (parts: LookParts, statement: Insert): Promise<readonly SqlRow[]> => {
  const { facts, ask } = parts
  if (statement.rows.length > mostRows) untold(`it inserts more than ${mostRows} rows`)
  const isKey = facts.columns.map(({ name }) =>
    facts.uniques.some(({ columns }) => isOf(columns, name)),
  )
  const selects = statement.rows.map((row) => {
    const said = saidOf(parts, statement, row)
    const values = facts.columns.map((column, n) =>
      isKey[n] === true ? asStored(column, said[n] ?? fallbackOf(column)) : 'NULL',
    )
    return `SELECT ${values.map((value) => `(${value})`).join(', ')}`
  })
  return (await ask(selects.join(' UNION ALL '))).map((row) => withoutAuto(facts, row))
}

const isWhole = (facts: TableFacts, row: SqlRow, columns: readonly string[]): boolean =>
  columns.every((column) => columnValue(facts, row, column) !== null)

/** The rows beside which these may not stand; null: there can be none. */
const whereSame = (
  facts: TableFacts,
  rows: readonly SqlRow[],
  uniques: TableFacts['uniques'] = facts.uniques,
): string | null => {
  const named = uniques.flatMap(({ columns }) => columns)
  if (facts.columns.some((column) => isOf(named, column.name) && !isPlain(column)))
    untold(`table ${facts.name}: one of its keys holds bytes`)
  const each = rows.flatMap((row) =>
    uniques
      .filter(({ columns }) => isWhole(facts, row, columns))
      .map(({ columns }) => `(${whereKey(facts, row, columns)})`),
  )
  return each.length === 0 ? null : each.join(' OR ')
}

const duplicates = /Records: (\d+)\s+Duplicates: (\d+)/

/** How many rows have to be new, by what the server says of it. */
const madeBy = (
  { isIgnore, onDuplicate, rows }: Insert,
  { affectedRows, info }: ChangeHeader,
  known: number,
): number => {
  if (onDuplicate.length === 0) return isIgnore ? affectedRows : rows.length
  const [, records, same] = duplicates.exec(info) ?? []
  if (records !== undefined) return Number(records) - Number(same)
  return known === 0 ? 1 : 0
}

const isAllOf =
  (statement: Insert, known: number): Look['isAll'] =>
  ({ made, gone }, header) => {
    const { verb, rows } = statement
    if (verb === 'insert') return gone === 0 && made === madeBy(statement, header, known)
    return made + known - gone === rows.length && header.affectedRows <= rows.length + known
  }

export const lookAtInsert = async (parts: LookParts, statement: Insert): Promise<Look> => {
  const { facts, ask } = parts
  checkTable(parts, statement.onDuplicate)
  if (statement.verb === 'replace') await checkCascades(parts)
  const given = await keysGiven(parts, statement)
  const same = whereSame(facts, given)
  const asks = same === null ? null : rowsWhere(facts, `WHERE ${same}`)
  const isPlainInsert =
    statement.verb === 'insert' && !statement.isIgnore && statement.onDuplicate.length === 0
  if (same !== null && !isPlainInsert) await checkLength(parts, `WHERE ${same}`)
  // Beside others it would have failed.
  const before = asks === null || isPlainInsert ? [] : await ask(asks)
  const named = given.filter((row) => isWhole(facts, row, facts.primary))
  const places = [
    named.length < given.length ? await parts.numbers.give(facts) : null,
    whereRows(facts, named),
    whereRows(facts, before),
  ].filter((each) => each !== null)
  return {
    ...{ before, asks, where: places.length === 0 ? null : places.join(' OR ') },
    isAll: isAllOf(statement, before.length),
  }
}

/** The question for rows that would have kept these from changing a key; null: none could have. */
export const keysAsked = (
  facts: TableFacts,
  statement: Insert | Change,
  changed: readonly { readonly before: SqlRow | null; readonly after: SqlRow | null }[],
): string | null => {
  const sets = statement.is === 'insert' ? statement.onDuplicate : statement.sets
  const keys = facts.uniques.filter(({ columns }) =>
    sets.some(({ column }) => isOf(columns, column)),
  )
  const rows = changed.flatMap(({ before, after }) => (before && after ? [after] : []))
  const same = whereSame(facts, rows, keys)
  return same === null ? null : rowsWhere(facts, `WHERE ${same}`)
}
