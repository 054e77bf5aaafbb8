/** Which rows of other tables let a row stand, or let it go: the server asks for them, and no statement does. */
import { at, columnValue, literalOf } from './overlay.ts'
import {
  type AskRows,
  type ForeignKey,
  isPlain,
  quoteName,
  quoteText,
  type SqlRow,
  type TableFacts,
} from './table-facts.ts'

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Both ways; keys from and to other schemas are left out. */
export const readForeignKeys = async (
  ask: AskRows,
  name: string,
): Promise<readonly ForeignKey[]> => {
  const text = quoteText(name)
  const rows = await ask(
    `SELECT CONSTRAINT_NAME, TABLE_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE() AND (TABLE_NAME = ${text} OR REFERENCED_TABLE_NAME = ${text}) ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`,
  )
  const keys = new Map<string, ForeignKey>()
  const put = (id: string, key: ForeignKey): void => {
    const known = keys.get(id) ?? { ...key, columns: [], others: [] }
    const columns = [...known.columns, ...key.columns]
    keys.set(id, { ...known, columns, others: [...known.others, ...key.others] })
  }
  for (const row of rows) {
    const [constraint = '', from = '', column = '', to = '', other = ''] = row.map(String)
    const id = JSON.stringify([from, constraint])
    if (isSame(from, name))
      put(`to ${id}`, { is: 'parent', table: to, columns: [column], others: [other] })
    if (isSame(to, name))
      put(`from ${id}`, { is: 'child', table: from, columns: [other], others: [column] })
  }
  return [...keys.values()]
}

interface Pair {
  readonly before: SqlRow | null
  readonly after: SqlRow | null
}

/** The rows that it speaks of, in the words of SQL; null: it speaks of none. */
const conditionOf = (
  facts: TableFacts,
  { table, columns, others }: ForeignKey,
  row: SqlRow,
): string | null => {
  const each = columns.map((name, n) => {
    const column = facts.columns[at(facts, name)]
    const value = columnValue(facts, row, name)
    if (column === undefined || value === null) return null
    // Bytes are told as digits.
    const text = isPlain(column) ? literalOf(value, column.dataType) : `X'${value}'`
    return `${quoteName(table)}.${quoteName(others[n] ?? '')} = ${text}`
  })
  return each.includes(null) ? null : `(${each.join(' AND ')})`
}

/** What the server has asked for to let these changes be; null: nothing. */
export const othersAsked = (
  facts: TableFacts,
  changed: readonly Pair[],
  isReplace: boolean,
): string | null => {
  const counts = (facts.foreign ?? []).flatMap((key, n) => {
    const conditions = changed.flatMap(({ before, after }) => {
      const [was, is] = [before, after].map((row) => row && conditionOf(facts, key, row))
      if (key.is === 'parent') return is === was ? [] : [is]
      return is === was && !isReplace ? [] : [was]
    })
    const all = new Set(conditions.filter((each) => each != null))
    if (all.size === 0) return []
    return [`SELECT ${n}, COUNT(*) FROM ${quoteName(key.table)} WHERE ${[...all].join(' OR ')}`]
  })
  return counts.length === 0 ? null : counts.join(' UNION ALL ')
}
