/** The rows that a rows event carries: each before and after. Source: MySQL, `Rows_event`. */
import { inflated, type RowsKind } from './binlog-events.ts'
import { type ByteCursor, bit, bitmapBytes, createByteCursor } from './byte-cursor.ts'
import { type ColumnReading, readValue } from './row-values.ts'

/** Absent: the log does not say. */
export type Image = readonly (string | null | undefined)[]

export interface RowImages {
  readonly before: Image | null
  readonly after: Image | null
}

const readImage = (
  cursor: ByteCursor,
  columns: readonly ColumnReading[],
  present: Buffer,
): Image => {
  const there = columns.filter((_, n) => bit(present, n)).length
  const nulls = cursor.bytes(bitmapBytes(there))
  let at = -1
  return columns.map((column, n) => {
    if (!bit(present, n)) return undefined
    at += 1
    return bit(nulls, at) ? null : readValue(cursor, column)
  })
}

/**
 * @param body of the event
 * @throws RangeError where it is not what it says
 */
export const readRowImages = (
  body: Buffer,
  { does, version, isCompressed }: RowsKind,
  columns: readonly ColumnReading[],
): readonly RowImages[] => {
  const head = createByteCursor(body)
  head.bytes(8)
  if (version === 2) head.bytes(head.number(2) - 2)
  const width = head.lengthEncoded()
  if (width !== columns.length)
    throw new RangeError(`its rows have ${width} columns, and the table ${columns.length}`)
  const first = head.bytes(bitmapBytes(width))
  const second = does === 'update' ? head.bytes(bitmapBytes(width)) : first
  const rest = head.bytes(body.length - head.at())
  const cursor = createByteCursor(isCompressed ? inflated(rest) : rest)
  const rows: RowImages[] = []
  while (!cursor.isAtEnd()) {
    const image = readImage(cursor, columns, first)
    const later = does === 'update' ? readImage(cursor, columns, second) : null
    rows.push({
      before: does === 'insert' ? null : image,
      after: does === 'insert' ? image : later,
    })
  }
  return rows
}
