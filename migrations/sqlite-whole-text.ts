/**
 * Texts with a NUL inside, whole: libsql 0.5.29 hands text over as far as the first NUL, bytes as
 * they are. May go with libsql.
 */
import { Buffer } from 'node:buffer'

type Row = Record<string, unknown>

/** Runs a query with the values of the one that was run before. */
type Query = (sql: string) => readonly Row[]

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Not so what writes and answers with rows: it would write once more. */
const isQuery = (sql: string): boolean => /^\s*(?:SELECT|VALUES)\b/i.test(sql)

/** On lines of its own, for it may end with a comment. */
const subquery = (sql: string): string => `(\n${sql.replace(/[;\s]+$/, '')}\n)`

const textColumns = (rows: readonly Row[]): readonly string[] => {
  const names = new Set<string>()
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) if (typeof value === 'string') names.add(name)
  }
  return [...names]
}

const bytesOf = (rows: readonly Row[]): number => {
  let bytes = 0
  for (const row of rows) {
    for (const value of Object.values(row)) {
      if (typeof value === 'string') bytes += Buffer.byteLength(value)
    }
  }
  return bytes
}

/** How many bytes all texts have in the database; by their length as it is kept, not by reading. */
const lengthQuery = (sql: string, names: readonly string[]): string => {
  const lengths = names.map(
    (name) =>
      `CASE typeof(${quoted(name)}) WHEN 'text' THEN octet_length(${quoted(name)}) ELSE 0 END`,
  )
  return `SELECT total(${lengths.join(' + ')}) AS bytes FROM ${subquery(sql)}`
}

const bytesQuery = (sql: string, names: readonly string[]): string => {
  const columns = names.map((name) => `CAST(${quoted(name)} AS BLOB) AS ${quoted(name)}`)
  return `SELECT ${columns.join(', ')} FROM ${subquery(sql)}`
}

/** What a cut text was; itself where the bytes are no UTF-8 text that begins like it. */
const wholeOf = (cut: unknown, bytes: unknown): unknown => {
  if (typeof cut !== 'string' || !(bytes instanceof ArrayBuffer)) return cut
  const whole = Buffer.from(bytes).toString()
  return whole.startsWith(`${cut}\0`) ? whole : cut
}

/**
 * Completes the texts of these rows in place. A text costs the query once more, for its length;
 * only where one is longer than what was read, its bytes are asked for.
 *
 * @param rows what `sql` gave
 */
export const completeTexts = (rows: readonly Row[], sql: string, query: Query): void => {
  const names = isQuery(sql) ? textColumns(rows) : []
  if (names.length === 0) return
  if (query(lengthQuery(sql, names))[0]?.bytes === bytesOf(rows)) return
  const kept = query(bytesQuery(sql, names))
  for (const [index, row] of rows.entries()) {
    for (const name of names) row[name] = wholeOf(row[name], kept[index]?.[name])
  }
}
