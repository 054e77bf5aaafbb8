/** What a binary log says of a table before its rows: types, no names. Source: MySQL, `Table_map_event`. */
import { createByteCursor } from './byte-cursor.ts'

export interface LoggedColumn {
  /** As `enum_field_types` numbers them. */
  readonly type: number
  /** What its type needs besides: lengths, scales. */
  readonly meta: number
}

export interface TableMap {
  readonly schema: string
  readonly table: string
  readonly columns: readonly LoggedColumn[]
}

/** Number of the table in rows events. */
export const tableIdOf = (body: Buffer): number => body.readUIntLE(0, 6)

/** Bytes of what a type needs besides, by type; the others need nothing. */
const metaBytes: ReadonlyMap<number, number> = new Map([
  ...[4, 5, 17, 18, 19, 140, 242, 245, 252, 255].map((type) => [type, 1] as const),
  ...[15, 16, 141, 246, 247, 248, 253, 254].map((type) => [type, 2] as const),
])

const string = 254

/** The type that hides in what a CHAR says of itself: ENUM and SET are logged as such. */
const unfolded = (type: number, first: number, second: number): LoggedColumn => {
  // The upper bits of its length are stored upside down where there are any.
  if ((first & 0x30) !== 0x30)
    return { type: first | 0x30, meta: second | (((first & 0x30) ^ 0x30) << 4) }
  return { type: first === 0 ? type : first, meta: second }
}

/** @throws RangeError where it ends too early */
export const readTableMap = (body: Buffer): TableMap => {
  const cursor = createByteCursor(body)
  cursor.bytes(8)
  const name = (): string => {
    const text = cursor.bytes(cursor.number(1)).toString('utf8')
    cursor.bytes(1)
    return text
  }
  const [schema, table] = [name(), name()]
  const kinds = [...cursor.bytes(cursor.lengthEncoded())]
  const metas = createByteCursor(cursor.bytes(cursor.lengthEncoded()))
  const columns = kinds.map((type): LoggedColumn => {
    if (type === string) return unfolded(type, metas.number(1), metas.number(1))
    return { type, meta: metas.number(metaBytes.get(type) ?? 0) }
  })
  return { schema, table, columns }
}
