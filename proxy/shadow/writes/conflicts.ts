/** Rows that a new one may not stand beside. */
import { allColumns, askThrough, type ChangeParts, serverError } from './change-parts.ts'
import { columnValue, keyOf, type Overlay, whereKey } from './overlay.ts'
import { quoteName, type SqlRow } from './table-facts.ts'

export interface Conflict {
  readonly row: SqlRow
  readonly key: string
}

/** The rows that a new one would be the same as, by each unique key. */
export const conflictsOf = async (
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

export const duplicate = ({ facts }: ChangeParts, row: SqlRow, key: string): Error => {
  const columns = facts.uniques.find(({ name }) => name === key)?.columns ?? []
  const value = columns.map((column) => columnValue(facts, row, column)).join('-')
  return serverError(1062, 'ER_DUP_ENTRY', '23000', `Duplicate entry '${value}' for key '${key}'`)
}
