/**
 * What stands in a lane between the handlers and a SQLite file: a copy of it, which they may write as
 * they like. It is made by SQLite itself, which holds a read lock for as long as that takes; a plain
 * copy would drop the locks that this process holds on the file (sqlite.org, "How To Corrupt", 2.2).
 */
import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copySqliteFile } from '../../store/sqlite-module.ts'
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import type { Egress } from './egress.ts'
import { moment } from './moment.ts'
import type { Prepared, WritesProblem, WritesReport, WritesTerms } from './report.ts'

export interface SqliteDriverOptions {
  readonly file: string
  readonly limitBytes: number
  readonly egress: Egress
}

export const createSqliteDriver = ({
  file,
  limitBytes,
  egress,
}: SqliteDriverOptions): LaneDriver => {
  const directory = mkdtempSync(join(tmpdir(), 'banyan-copy-'))
  const copy = join(directory, 'copy.db')
  let kind: WritesTerms['kind'] = 'read'
  let problem: WritesProblem | null = null
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))

  const remove = (): void => {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(copy + suffix, { force: true })
  }
  const take = (): WritesProblem | null => {
    try {
      remove()
      if (statSync(file).size > limitBytes)
        return { reason: 'snapshot_lost', detail: 'the file is larger than shadow.copyLimit' }
      copySqliteFile(file, `${copy}.next`)
      renameSync(`${copy}.next`, copy)
      return null
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      return { reason: 'snapshot_lost', detail }
    }
  }
  return {
    database: { url: `sqlite:${copy}` },
    async prepare(terms): Promise<Prepared> {
      kind = (terms as WritesTerms).kind
      egress.take()
      problem = take()
      return { stoodAt: moment(), problem }
    },
    async end(): Promise<WritesReport> {
      remove()
      const [first] = egress.take()
      const reached = first === undefined ? null : ({ reason: 'egress', detail: first } as const)
      return { kind, problem: reached ?? problem, rows: null, differences: [] }
    },
  }
}
