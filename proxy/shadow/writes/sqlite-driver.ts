/**
 * What stands in a lane between the handlers and a SQLite file: a copy of it, which they may write as
 * they like, and whose rows are compared with what legacy made of the file. Copies of the file are made
 * by SQLite itself, which holds a read lock for as long as that takes; a plain copy would drop the locks
 * that this process holds on the file (sqlite.org, "How To Corrupt", 2.2). A copy is nobody else's, and
 * may be copied as any file.
 */
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import { moment } from './moment.ts'
import type { Prepared, WritesProblem, WritesReport, WritesTerms } from './report.ts'
import { createSqliteCopies } from './sqlite-copies.ts'

export interface SqliteDriverOptions {
  readonly file: string
  readonly limitBytes: number
  /** Where the copies lie; default: in a directory of their own. */
  readonly directory?: string
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** What legacy wrote is in the file by the time that a cage is asked for: all that modern does would be too much. */
const noCage: WritesProblem = {
  reason: 'cage_unfit',
  detail: 'SQLite has no cage: say writes: capture',
}

const untold = { rows: null, differences: [] } as const

export const createSqliteDriver = ({
  file,
  limitBytes,
  directory,
}: SqliteDriverOptions): LaneDriver => {
  const copies = createSqliteCopies(file, limitBytes, directory)
  let kind: WritesTerms['kind'] = 'read'
  let problem: WritesProblem | null = null

  const report = (isServed: boolean): WritesReport => {
    if (problem !== null) return { kind, problem, ...untold }
    if (!isServed) return { kind, problem: null, ...untold }
    const written = copies.compare()
    return typeof written === 'string'
      ? { kind, problem: null, ...untold, leftOut: written }
      : { kind, problem: null, ...written, isOfAll: true }
  }
  return {
    database: { url: `sqlite:${copies.file}` },
    async prepare(terms): Promise<Prepared> {
      kind = (terms as WritesTerms).kind
      problem = kind === 'cage' ? noCage : null
      if (problem !== null) return { stoodAt: moment(), problem }
      try {
        return { stoodAt: copies.take(), problem }
      } catch (error) {
        problem = { reason: 'snapshot_lost', detail: messageOf(error) }
        return { stoodAt: moment(), problem }
      }
    },
    async end(isServed = true): Promise<WritesReport> {
      const found = report(isServed)
      copies.remove()
      return found
    },
  }
}
