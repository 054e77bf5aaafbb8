/**
 * Three states of one SQLite file. Handlers may keep a connection to theirs open, so it stays one and
 * the same file, whose content is put in place anew: a connection drops what it remembers where the
 * change counter in the file's head is another one (sqlite.org, "Database File Format", 1.3.7).
 */
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimSqliteFile, copySqliteFile } from '../../store/sqlite-module.ts'
import { compareSqlite } from './compare-sqlite.ts'
import { moment } from './moment.ts'

export interface SqliteCopies {
  /** The one that handlers may write. */
  readonly file: string
  /** Returns the `moment` at which the copy stood. Throws an Error. */
  take(): number
  /** What was written, once nobody writes any more. */
  compare(): ReturnType<typeof compareSqlite>
  remove(): void
}

/** Larger ones take more than a second to be looked through, on the machines that it was measured on. */
const lookLimitBytes = 16 * 1_048_576

const changeCounter = 24
/** Says for which change counter the size in the head is true. */
const validFor = 92

const putInPlace = (content: Buffer, file: string, changes: number): void => {
  for (const at of [changeCounter, validFor]) content.writeUInt32BE(changes, at)
  const to = openSync(file, existsSync(file) ? 'r+' : 'w', 0o600)
  try {
    ftruncateSync(to, content.length)
    // Writes all of it or throws: a disk that is full must not leave half a database.
    writeFileSync(to, content)
  } finally {
    closeSync(to)
  }
}

/**
 * @param limitBytes a larger file is not copied
 * @param directory is made, and removed when the process ends
 */
export const createSqliteCopies = (
  file: string,
  limitBytes: number,
  directory: string = join(tmpdir(), `banyan-copy-${randomUUID()}`),
): SqliteCopies => {
  mkdirSync(directory, { mode: 0o700 })
  const [before, modern, legacy] = ['before', 'copy', 'after'].map((name) =>
    join(directory, `${name}.db`),
  ) as [string, string, string]
  // Far from those that a database counts by itself.
  let changes = 0x40_00_00_00
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))

  const remove = (): void => {
    rmSync(before, { force: true })
    rmSync(legacy, { force: true })
  }
  return {
    file: modern,
    take() {
      remove()
      if (statSync(file).size > limitBytes)
        throw new Error('the file is larger than shadow.copyLimit')
      copySqliteFile(file, before)
      const stoodAt = moment()
      // The last one was left empty, unless somebody had it open still.
      if (existsSync(modern) && statSync(modern).size > 0) claimSqliteFile(modern)
      changes += 1
      putInPlace(readFileSync(before), modern, changes)
      return stoodAt
    },
    compare() {
      try {
        if (statSync(file).size > lookLimitBytes) return 'too_large'
        claimSqliteFile(modern)
        copySqliteFile(file, legacy)
      } catch {
        return 'unreadable'
      }
      return compareSqlite({ before, modern, legacy })
    },
    remove() {
      remove()
      try {
        claimSqliteFile(modern)
        truncateSync(modern)
      } catch {
        // Somebody has it open still: the next one is told so.
      }
    },
  }
}
