/**
 * The events of a binary log, as far as they matter here. Sources: MySQL source, libbinlogevents;
 * mariadb.com/kb/en/replication-protocol.
 */
import { inflateSync } from 'node:zlib'
import type { ServerTime } from './log-position.ts'

export interface BinlogEvent {
  readonly type: number
  /** Where it begins in its file; negative: it stands in none, the server made it up. */
  readonly at: number
  /** Where the next one begins. */
  readonly next: number
  readonly body: Buffer
}

export const types = {
  query: 2,
  rotate: 4,
  format: 15,
  xid: 16,
  tableMap: 19,
  incident: 26,
  heartbeat: 27,
  rowsQuery: 29,
  gtid: 33,
  anonymousGtid: 34,
  xaPrepare: 38,
  partialUpdate: 39,
  payload: 40,
  taggedGtid: 42,
  annotate: 160,
  mariadbGtid: 162,
  queryCompressed: 165,
} as const

export interface RowsKind {
  readonly does: 'insert' | 'update' | 'delete'
  /** In the second version, more about them stands before the rows. */
  readonly version: 1 | 2
  readonly isCompressed: boolean
}

const rowsKind = (does: RowsKind['does'], version: 1 | 2, isCompressed = false): RowsKind => ({
  does,
  version,
  isCompressed,
})

/** Those that carry rows. */
export const rowsKinds: ReadonlyMap<number, RowsKind> = new Map([
  [23, rowsKind('insert', 1)],
  [24, rowsKind('update', 1)],
  [25, rowsKind('delete', 1)],
  [30, rowsKind('insert', 2)],
  [31, rowsKind('update', 2)],
  [32, rowsKind('delete', 2)],
  [166, rowsKind('insert', 1, true)],
  [167, rowsKind('update', 1, true)],
  [168, rowsKind('delete', 1, true)],
  [169, rowsKind('insert', 2, true)],
  [170, rowsKind('update', 2, true)],
  [171, rowsKind('delete', 2, true)],
])

const headerBytes = 19
const artificial = 0x20

/**
 * @param bytes one event with its header
 * @param trailing how many bytes at its end check it
 * @throws RangeError where it is shorter than it says
 */
export const readEvent = (bytes: Buffer, trailing: number): BinlogEvent => {
  const size = bytes.readUInt32LE(9)
  const next = bytes.readUInt32LE(13)
  if (size !== bytes.length) throw new RangeError(`an event of ${size} bytes has ${bytes.length}`)
  const isMadeUp = (bytes.readUInt16LE(17) & artificial) !== 0 || next === 0
  return {
    type: bytes.readUInt8(4),
    at: isMadeUp ? -1 : next - size,
    next,
    body: bytes.subarray(headerBytes, size - trailing),
  }
}

/** How many bytes check each event after this one, itself included: 4 of CRC32, or none. */
export const trailingOf = (format: Buffer): number => {
  // The kind of check is followed by the one of this event, whatever kind it is.
  const kind = format.at(-5) ?? 0
  return kind === 1 ? 4 : 0
}

/** The server makes no event longer than a packet may be: `max_allowed_packet`, 1 GiB; this is plenty. */
const mostInflated = 64 * 1_048_576

/**
 * What follows the fixed part of a compressed event, as it was. MariaDB: `binlog_get_uncompress_len`.
 *
 * @throws RangeError where that is longer than 64 MiB
 */
export const inflated = (bytes: Buffer): Buffer => {
  const head = bytes.readUInt8(0)
  return inflateSync(bytes.subarray(1 + (head & 7)), { maxOutputLength: mostInflated })
}

/** The text of a statement. */
export const queryText = ({ type, body }: BinlogEvent): Buffer => {
  const [schema, about] = [body.readUInt8(8), body.readUInt16LE(11)]
  const text = body.subarray(13 + about + schema + 1)
  return type === types.queryCompressed ? inflated(text) : text
}

const sinceGtid = 42
const timeBytes = 7
const noOriginal = 0x7f

/**
 * When a transaction of MySQL was written to this server's log, in µs since 1970; null: it is none of
 * MySQL 8.0.1 or newer. Source: libbinlogevents, `Gtid_event`, `immediate_commit_timestamp`.
 */
export const writtenAt = ({ type, body }: BinlogEvent): ServerTime | null => {
  if (type !== types.gtid && type !== types.anonymousGtid) return null
  if (body.length < sinceGtid + timeBytes) return null
  // The highest bit says that the time on the first server follows.
  const high = body.readUInt8(sinceGtid + timeBytes - 1) & noOriginal
  return { micros: high * 2 ** 48 + body.readUIntLE(sinceGtid, timeBytes - 1) }
}

/** What the next file is called, and where in it to go on. */
export const rotation = (body: Buffer): { readonly file: string; readonly offset: number } => ({
  file: body.subarray(8).toString('latin1'),
  offset: Number(body.readBigUInt64LE(0)),
})
