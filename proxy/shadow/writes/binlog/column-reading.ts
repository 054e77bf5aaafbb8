/** How the values of a logged column are read, by what the server says of it elsewhere. Pure. */
import type { Column } from '../table-facts.ts'
import type { ColumnReading } from './row-values.ts'
import type { LoggedColumn } from './table-map.ts'

type Text = (bytes: Buffer) => string

const utf8: Text = (bytes) => bytes.toString('utf8')

/** What servers call latin1 is windows-1252: these stand at 0x80 to 0x9f, where they know them. */
const windows = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

const latin: Text = (bytes) =>
  bytes
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (letter) => windows[letter.charCodeAt(0) - 0x80] ?? letter)

/** By the names that servers have for them; the others are not read. */
const charsets: Readonly<Record<string, Text>> = {
  utf8mb4: utf8,
  utf8mb3: utf8,
  utf8,
  ascii: utf8,
  latin1: latin,
}

/** Logged as bytes that mean something else than text: JSON of MySQL, geometry, vectors, what is compressed. */
const opaque: ReadonlySet<number> = new Set([16, 140, 141, 242, 245, 248, 255])
const texts: ReadonlySet<number> = new Set([15, 252, 253, 254])

const namesOf = (type: string): readonly string[] =>
  /^enum\(/i.test(type)
    ? [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, name = '']) => name.replaceAll("''", "'"))
    : []

const textOf = ({ type }: Column): Text | null => {
  const name = /CHARACTER SET (\w+)/.exec(type)?.[1] ?? ''
  return charsets[name.toLowerCase()] ?? null
}

export const columnReading = (logged: LoggedColumn, column: Column): ColumnReading => ({
  ...logged,
  isUnsigned: /\bunsigned\b/i.test(column.type),
  zeroFill: /\bzerofill\b/i.test(column.type) ? Number(/\((\d+)\)/.exec(column.type)?.[1] ?? 0) : 0,
  names: namesOf(column.type),
  text: opaque.has(logged.type) ? null : textOf(column),
})

/** Whether what is read is not what the server would write. */
export const isUnreadable = ({ type, text }: ColumnReading): boolean =>
  opaque.has(type) || (texts.has(type) && text === null)
