/** A prepared statement with its values written into it, as the server would read them. Pure. */
import { readTokens, type SqlReading } from './sql-tokens.ts'

/** Null: it cannot be read, or has another number of places. */
export const fillPlaces = (
  sql: string,
  values: unknown,
  reading: SqlReading,
  written: (value: unknown) => string,
): string | null => {
  const read = readTokens(sql, reading)
  if ('why' in read) return null
  const places = read.tokens.filter(({ is }) => is === 'place')
  const given = Array.isArray(values) ? values : []
  if (places.length !== given.length) return null
  let text = sql
  for (const [n, { from, to }] of [...places.entries()].toReversed()) {
    text = text.slice(0, from) + written(given[n]) + text.slice(to)
  }
  return text
}
