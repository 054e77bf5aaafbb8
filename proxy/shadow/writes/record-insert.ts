/** What an INSERT or a REPLACE would do, told by the server on a snapshot. */
import {
  askThrough,
  type Changed,
  type ChangeParts,
  checkNulls,
  fallbackOf,
  isDefault,
  mostRows,
  stored,
  textOf,
  untold,
} from './change-parts.ts'
import { changedRows } from './changed-rows.ts'
import { type Conflict, conflictsOf, duplicate } from './conflicts.ts'
import { at, type Overlay, touch, whereKey } from './overlay.ts'
import type { Span } from './sql-cursor.ts'
import type { Insert } from './statement.ts'
import { type AskRows, quoteName, type SqlRow } from './table-facts.ts'

/** What a row says of each column of the table; null: nothing, or that it is to be as by default. */
export const saidOf = (
  { facts, sql }: Pick<ChangeParts, 'facts' | 'sql'>,
  { columns }: Insert,
  row: readonly Span[],
): readonly (string | null)[] => {
  const names = columns ?? facts.columns.map(({ name }) => name)
  const places = names.map((name) => at(facts, name))
  if (places.includes(-1) || new Set(places).size < places.length)
    untold('it names a column that is not there')
  return facts.columns.map((_, n) => {
    const span = row[places.indexOf(n)]
    const text = span === undefined ? 'DEFAULT' : textOf(sql, span)
    return isDefault(text) ? null : text
  })
}

const expressionsOf = (parts: ChangeParts, statement: Insert, row: readonly Span[]): string[] => {
  const said = saidOf(parts, statement, row)
  return parts.facts.columns.map((column, n) => said[n] ?? fallbackOf(column))
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
