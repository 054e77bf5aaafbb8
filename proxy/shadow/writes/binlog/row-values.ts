/**
 * One value of a row as the server itself would write it. Sources: MySQL, `rpl_record` and
 * `my_time.cc`; `decimal2bin` in strings/decimal.c.
 */
import type { ByteCursor } from './byte-cursor.ts'
import type { LoggedColumn } from './table-map.ts'

/** How the values of a column are to be read. */
export interface ColumnReading extends LoggedColumn {
  readonly isUnsigned: boolean
  /** Digits up to which a number is filled with zeros; 0: it is not. */
  readonly zeroFill: number
  /** Names of an ENUM, in its order. */
  readonly names: readonly string[]
  /** Turns bytes into text; null: nobody knows how, and its values are told as hex. */
  readonly text: ((bytes: Buffer) => string) | null
}

type ReadValue = (cursor: ByteCursor, column: ColumnReading) => string

const two = (n: number): string => String(n).padStart(2, '0')

const integer =
  (bytes: number): ReadValue =>
  (cursor, { isUnsigned, zeroFill }) => {
    const raw = cursor.bytes(bytes)
    if (isUnsigned) return String(raw.readUIntLE(0, bytes)).padStart(zeroFill, '0')
    return String(raw.readIntLE(0, bytes))
  }

const bigInteger: ReadValue = (cursor, { isUnsigned, zeroFill }) => {
  const raw = cursor.bytes(8)
  return isUnsigned
    ? String(raw.readBigUInt64LE(0)).padStart(zeroFill, '0')
    : String(raw.readBigInt64LE(0))
}

/** Nine decimal digits in four bytes, fewer in fewer. */
const digitBytes = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4]

const decimal: ReadValue = (cursor, { meta }) => {
  const [precision, scale] = [meta & 0xff, meta >> 8]
  const whole = precision - scale
  const groups = (digits: number, isFraction: boolean): number[] => {
    const rest = digits % 9
    const full = Array<number>(Math.floor(digits / 9)).fill(9)
    if (rest === 0) return full
    return isFraction ? [...full, rest] : [rest, ...full]
  }
  const sizes = [groups(whole, false), groups(scale, true)]
  const bytesOf = (digits: number): number => digitBytes[digits] ?? 4
  const raw = Buffer.from(cursor.bytes(sizes.flat().reduce((sum, n) => sum + bytesOf(n), 0)))
  const isNegative = ((raw[0] ?? 0) & 0x80) === 0
  raw[0] = (raw[0] ?? 0) ^ 0x80
  if (isNegative) for (const [n, byte] of raw.entries()) raw[n] = byte ^ 0xff
  let at = 0
  const digits = (group: readonly number[]): string =>
    group
      .map((size) => {
        const bytes = bytesOf(size)
        at += bytes
        return String(raw.readUIntBE(at - bytes, bytes)).padStart(size, '0')
      })
      .join('')
  const [front = [], back = []] = sizes
  const before = digits(front).replace(/^0+(?=\d)/, '') || '0'
  return `${isNegative ? '-' : ''}${before}${scale === 0 ? '' : `.${digits(back)}`}`
}

const dateText = (year: number, month: number, day: number): string =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`

const date: ReadValue = (cursor) => {
  const n = cursor.number(3)
  return dateText(n >> 9, (n >> 5) & 15, n & 31)
}

/** Parts of a second: so many digits in half as many bytes. */
const fraction = (cursor: ByteCursor, digits: number): string => {
  const bytes = (digits + 1) >> 1
  if (digits === 0) return ''
  const text = String(cursor.numberBE(bytes)).padStart(bytes * 2, '0')
  return `.${text.slice(0, digits)}`
}

const dateTime: ReadValue = (cursor, { meta }) => {
  const packed = cursor.numberBE(5) - 0x80_0000_0000
  const [days, time] = [Math.floor(packed / 2 ** 17), packed % 2 ** 17]
  const months = days >> 5
  const day = dateText(Math.floor(months / 13), months % 13, days & 31)
  return `${day} ${two(time >> 12)}:${two((time >> 6) & 63)}:${two(time & 63)}${fraction(cursor, meta)}`
}

/** Seconds since 1970: what they are called depends on where one is. */
const timestamp: ReadValue = (cursor, { meta }) => `${cursor.numberBE(4)}${fraction(cursor, meta)}`

/** Its parts of a second are stored with it, and below zero upside down. */
const time: ReadValue = (cursor, { meta }) => {
  const parts = (meta + 1) >> 1
  const unit = 256 ** parts
  const packed = cursor.numberBE(3 + parts) - 0x80_0000 * unit
  const size = Math.abs(packed)
  const [clock, rest] = [Math.floor(size / unit), size % unit]
  const hours = two(clock >> 12)
  const after =
    meta === 0
      ? ''
      : `.${String(rest)
          .padStart(parts * 2, '0')
          .slice(0, meta)}`
  return `${packed < 0 ? '-' : ''}${hours}:${two((clock >> 6) & 63)}:${two(clock & 63)}${after}`
}

const oldTime: ReadValue = (cursor) => {
  const n = cursor.bytes(3).readIntLE(0, 3)
  const size = Math.abs(n)
  return `${n < 0 ? '-' : ''}${two(Math.floor(size / 10_000))}:${two(Math.floor(size / 100) % 100)}:${two(size % 100)}`
}

const oldDateTime: ReadValue = (cursor) => {
  const text = String(cursor.bytes(8).readBigUInt64LE(0)).padStart(14, '0')
  return text.replace(/^(\d{4})(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6')
}

const written = (bytes: Buffer, { text }: ColumnReading): string =>
  text === null ? bytes.toString('hex') : text(bytes)

/** The length stands before it, in as many bytes as the longest needs. */
const short: ReadValue = (cursor, column) =>
  written(cursor.bytes(cursor.number(column.meta > 255 ? 2 : 1)), column)

const long: ReadValue = (cursor, column) =>
  written(cursor.bytes(cursor.number(column.meta)), column)

const choice: ReadValue = (cursor, { meta, names }) => {
  const n = cursor.number(meta)
  return n === 0 ? '' : (names[n - 1] ?? String(n))
}

/** As many bytes as it says, told as hex. */
const opaque =
  (bytesOf: (meta: number) => number): ReadValue =>
  (cursor, { meta }) =>
    cursor.bytes(bytesOf(meta)).toString('hex')

const year: ReadValue = (cursor) => {
  const n = cursor.number(1)
  return n === 0 ? '0000' : String(1900 + n)
}

const readers: ReadonlyMap<number, ReadValue> = new Map<number, ReadValue>([
  [1, integer(1)],
  [2, integer(2)],
  [3, integer(4)],
  // Six digits of it are written.
  [4, (cursor) => String(Number(cursor.bytes(4).readFloatLE(0).toPrecision(6)))],
  [5, (cursor) => String(cursor.bytes(8).readDoubleLE(0))],
  [7, (cursor) => String(cursor.number(4))],
  [8, bigInteger],
  [9, integer(3)],
  [10, date],
  [11, oldTime],
  [12, oldDateTime],
  [13, year],
  [15, short],
  [16, opaque((meta) => (meta >> 8) + ((meta & 0xff) === 0 ? 0 : 1))],
  [17, timestamp],
  [18, dateTime],
  [19, time],
  [140, long],
  [141, short],
  [242, long],
  [245, long],
  [246, decimal],
  [247, choice],
  [248, opaque((meta) => meta)],
  [252, long],
  [253, short],
  [254, short],
  [255, long],
])

/** @throws RangeError where its type is not known, or too few bytes are left */
export const readValue = (cursor: ByteCursor, column: ColumnReading): string => {
  const read = readers.get(column.type)
  if (read === undefined) throw new RangeError(`values of type ${column.type} are not known`)
  return read(cursor, column)
}
