/** What an UPDATE or a DELETE would do, told by the server on a snapshot. */
import { type Changed, type ChangeParts, textOf, untold } from './change-parts.ts'
import { changedRows } from './changed-rows.ts'
import { conflictsOf, duplicate } from './conflicts.ts'
import { keyOf, type Overlay, touch } from './overlay.ts'
import type { Change } from './statement.ts'
import type { SqlRow } from './table-facts.ts'

interface RowChange {
  readonly before: SqlRow
  /** The same as `before` where nothing changes; null: it goes. */
  readonly after: SqlRow | null
}

/** The overlay with one more row; null: it stays as it is. */
const withRow = async (
  parts: ChangeParts,
  overlay: Overlay,
  { before, after }: RowChange,
  isIgnore: boolean,
): Promise<Overlay | null> => {
  if (after === null) return touch(overlay, parts.facts, before, null)
  if (before === after) return null
  const [conflict] = await conflictsOf(parts, overlay, after, keyOf(parts.facts, before))
  if (conflict === undefined) return touch(overlay, parts.facts, before, after)
  if (!isIgnore) throw duplicate(parts, after, conflict.key)
  return null
}

const movesRows = ({ facts }: ChangeParts, { is, sets }: Change): boolean =>
  is === 'delete' || sets.some(({ column }) => facts.primary.includes(column))

export const recordChange = async (parts: ChangeParts, statement: Change): Promise<Changed> => {
  if (parts.facts.cascades && movesRows(parts, statement))
    untold('a row that goes may take others with it')
  const rest = textOf(parts.sql, statement.rest)
  const rows = await changedRows(parts, parts.overlay, statement.sets, { rest, inserted: null })
  let overlay = parts.overlay
  let affected = 0
  for (const { before, after } of rows) {
    const change = { before, after: statement.is === 'delete' ? null : after }
    const next = await withRow(parts, overlay, change, statement.isIgnore)
    if (next === null) continue
    overlay = next
    affected += 1
  }
  return { overlay, affected, matched: rows.length, insertId: 0 }
}
