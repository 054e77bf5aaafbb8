/** The tables of a SQLite file, and what their rows are as text. */
import type { AskSqlite } from '../../store/sqlite-module.ts'
import type { Column, TableFacts } from './table-facts.ts'

/** The three states of the file, by the names under which they are attached. */
export type State = 'before' | 'modern' | 'legacy'

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const text = (name: string): string => `'${name.replaceAll("'", "''")}'`

/** What makes tables; a row of it is a change of the schema. */
export const schemaName = 'sqlite_schema'

/** Text as it stands; of numbers all digits; of bytes, and of text that SQLite's own functions cut, hex. */
export const asText = (cell: string): string =>
  `CASE typeof(${cell}) WHEN 'blob' THEN 'x' || hex(${cell}) WHEN 'real' THEN quote(${cell}) ` +
  `WHEN 'text' THEN iif(instr(${cell}, char(0)), 'x' || hex(CAST(${cell} AS BLOB)), ${cell}) ` +
  `ELSE CAST(${cell} AS TEXT) END`

const columnOf = (name: string, type: string, isAuto: boolean): Column => ({
  name,
  type,
  dataType: /real|floa|doub/i.test(type) ? 'double' : type.toLowerCase(),
  isNullable: true,
  fallback: null,
  isAuto,
  isTouched: false,
})

const factsOf = (
  name: string,
  columns: readonly Column[],
  primary: readonly string[],
): TableFacts => ({
  ...{ name, columns, primary, unfit: null, unseen: null, cascades: false },
  uniques: primary.length === 0 ? [] : [{ name: 'PRIMARY', columns: primary }],
})

const schemaFacts: TableFacts = factsOf(
  schemaName,
  ['type', 'name', 'tbl_name', 'sql'].map((name) => columnOf(name, 'text', false)),
  ['type', 'name'],
)

const readFacts = (ask: AskSqlite, name: string): TableFacts => {
  const rows = ask(
    `SELECT name, type, pk FROM pragma_table_info(${text(name)}, 'before') ORDER BY cid`,
  )
  const keys = rows
    .filter(([, , place]) => Number(place) > 0)
    .toSorted((a, b) => Number(a[2]) - Number(b[2]))
  // Only this very type makes a key that SQLite itself numbers.
  const [only] = keys.length === 1 ? keys : []
  const isAuto = (row: readonly unknown[]): boolean =>
    row === only && /^integer$/i.test(`${row[1]}`)
  const columns = rows.map((row) => columnOf(`${row[0]}`, `${row[1]}`, isAuto(row)))
  return factsOf(
    name,
    columns,
    keys.map(([key]) => `${key}`),
  )
}

const isNumbered = ({ columns }: TableFacts): boolean => columns.some(({ isAuto }) => isAuto)

/**
 * Plain tables that have the same form in all three states, and the schema itself. Virtual tables keep
 * their rows in plain ones of their own. Those that give out numbers come before those that hold them.
 */
export const readTables = (ask: AskSqlite): readonly TableFacts[] => {
  const own = (state: State): string =>
    `SELECT name, sql FROM ${state}.sqlite_schema WHERE type = 'table'`
  const names = ask(
    `SELECT name FROM (${own('before')} INTERSECT ${own('modern')} INTERSECT ${own('legacy')}) ` +
      `WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name IN ` +
      `(SELECT name FROM pragma_table_list WHERE schema = 'before' AND type = 'table') ORDER BY name`,
  )
  const tables = names.map(([name]) => readFacts(ask, `${name}`))
  const [numbered, others] = [true, false].map((is) =>
    tables.filter((each) => isNumbered(each) === is),
  )
  return [schemaFacts, ...(numbered ?? []), ...(others ?? [])]
}
