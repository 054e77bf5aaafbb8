/** What became of the rows of a SQLite file between two states of it: found by the database itself. */
import type { AskSqlite } from '../../store/sqlite-module.ts'
import { emptyOverlay, type Overlay, touch } from './overlay.ts'
import { asText, quoted, type State } from './sqlite-tables.ts'
import type { SqlRow, TableFacts } from './table-facts.ts'

/** More rows of one table than this are no request's, and would fill the memory. */
const mostRows = 1_000

export class TooMuchError extends Error {}

const cells = ({ columns }: TableFacts, of: string): string[] =>
  columns.map(({ name }) => `${of}.${quoted(name)}`)

const tableOf = ({ name }: TableFacts, state: State): string => `${state}.${quoted(name)}`

const sameKey = ({ primary }: TableFacts): string =>
  primary.map((name) => `b.${quoted(name)} IS a.${quoted(name)}`).join(' AND ')

const rowsOf = (ask: AskSqlite, sql: string): readonly SqlRow[] => {
  const rows = ask(`${sql} LIMIT ${mostRows + 1}`)
  if (rows.length > mostRows) throw new TooMuchError()
  return rows.map((row) => row.map((cell) => (cell === null ? null : `${cell}`)))
}

/** By their key, which an index knows: rows that are there, and new or other than before. */
const writtenRows = (ask: AskSqlite, facts: TableFacts, state: State): readonly SqlRow[] => {
  const [after, before] = [cells(facts, 'a'), cells(facts, 'b')]
  const isThere = before[facts.columns.findIndex(({ name }) => name === facts.primary[0])]
  const differs = after.map((cell, n) => `${cell} COLLATE BINARY IS NOT ${before[n]}`).join(' OR ')
  return rowsOf(
    ask,
    `SELECT ${isThere} IS NULL, ${[...after, ...before].map(asText).join(', ')} ` +
      `FROM ${tableOf(facts, state)} a LEFT JOIN ${tableOf(facts, 'before')} b ON ${sameKey(facts)} ` +
      `WHERE ${differs}`,
  )
}

const goneRows = (ask: AskSqlite, facts: TableFacts, state: State): readonly SqlRow[] =>
  rowsOf(
    ask,
    `SELECT ${cells(facts, 'a').map(asText).join(', ')} FROM ${tableOf(facts, 'before')} a ` +
      `WHERE NOT EXISTS (SELECT 1 FROM ${tableOf(facts, state)} b WHERE ${sameKey(facts)})`,
  )

/** Without a key a row is what is in it; how often it is there is not told. */
const wholeRows = (
  ask: AskSqlite,
  facts: TableFacts,
  there: State,
  not: State,
): readonly SqlRow[] => {
  const exact = facts.columns
    .map(({ name }) => `${quoted(name)} COLLATE BINARY AS ${quoted(name)}`)
    .join(', ')
  return rowsOf(
    ask,
    `SELECT ${cells(facts, 'a').map(asText).join(', ')} FROM (SELECT ${exact} FROM ${tableOf(facts, there)} ` +
      `EXCEPT SELECT ${exact} FROM ${tableOf(facts, not)}) a`,
  )
}

const keyed = (ask: AskSqlite, facts: TableFacts, state: State, overlay: Overlay): Overlay => {
  const { length } = facts.columns
  let found = overlay
  for (const [isNew, ...row] of writtenRows(ask, facts, state)) {
    found = touch(found, facts, isNew === '1' ? null : row.slice(length), row.slice(0, length))
  }
  for (const row of goneRows(ask, facts, state)) found = touch(found, facts, row, null)
  return found
}

const unkeyed = (ask: AskSqlite, facts: TableFacts, state: State, overlay: Overlay): Overlay => {
  const whole = { ...facts, primary: facts.columns.map(({ name }) => name) }
  let found = overlay
  for (const row of wholeRows(ask, whole, state, 'before')) found = touch(found, whole, null, row)
  for (const row of wholeRows(ask, whole, 'before', state)) found = touch(found, whole, row, null)
  return found
}

/**
 * @param isOver asked between tables
 * @throws TooMuchError
 */
export const sqliteChanges = (
  ask: AskSqlite,
  tables: readonly TableFacts[],
  state: Exclude<State, 'before'>,
  isOver: () => boolean,
): Overlay => {
  let overlay = emptyOverlay
  for (const facts of tables) {
    if (isOver()) throw new TooMuchError()
    const find = facts.primary.length === 0 ? unkeyed : keyed
    overlay = find(ask, facts, state, overlay)
  }
  return overlay
}
