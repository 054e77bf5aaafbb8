/** Places in the binary log of one server. Pure. */

export interface LogPosition {
  /** `mariadb-bin.000012` */
  readonly file: string
  readonly offset: number
}

/** The time on a server's own clock, in µs since 1970: where it tells no place, it tells this. */
export interface ServerTime {
  readonly micros: number
}

/** Where or when, in the life of one server, a snapshot stood. */
export type LogStanding = LogPosition | ServerTime

/** Where a transaction begins in the log, and when it was written there; null: the log does not say. */
export interface LogStart extends LogPosition {
  readonly writtenAt: ServerTime | null
}

/** Files are numbered with six digits, and with more once these are used up. */
const compareFiles = (a: string, b: string): number => {
  if (a.length !== b.length) return a.length - b.length
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Negative: `a` is before `b`; 0: they are the same. */
export const comparePositions = (a: LogPosition, b: LogPosition): number =>
  compareFiles(a.file, b.file) || a.offset - b.offset

/**
 * Whether a snapshot may hold what a transaction changed; null: nobody knows. A transaction is written
 * to the log before the engine commits it, so what stood earlier than that is without it. A server tells
 * the same clock in both, and only one that is set back between the two makes this wrong.
 */
export const isAfter = (snapshot: LogStanding, start: LogStart): boolean | null => {
  if ('file' in snapshot) return comparePositions(snapshot, start) > 0
  return start.writtenAt && snapshot.micros >= start.writtenAt.micros
}
