/** Places in the binary log of one server. Pure. */

export interface LogPosition {
  /** `mariadb-bin.000012` */
  readonly file: string
  readonly offset: number
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
