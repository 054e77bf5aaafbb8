/** Rows that an UPDATE finds, as they are and as they would be; told by the server. */
import {
  allColumns,
  askThrough,
  type ChangeParts,
  checkNulls,
  fallbackOf,
  isDefault,
  mostRows,
  stored,
  textOf,
  untold,
} from './change-parts.ts'
import { at, literalOf, type Overlay } from './overlay.ts'
import { readTokens } from './sql-tokens.ts'
import type { Assignment } from './statement.ts'
import { quoteName, type SqlRow, type SqlValue } from './table-facts.ts'

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
export const changedRows = async (
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
