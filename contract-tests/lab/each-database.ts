import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { borrowDatabase } from './borrow-database.ts'
import type { DatabaseForm, LentDatabase } from './database.ts'
import { describeWith } from './left-out.ts'
import type { Probe } from './native.ts'

type Suite = (database: () => LentDatabase) => void

const withDatabase = (form: DatabaseForm, suite: Suite): void => {
  let dir = ''
  let database: LentDatabase | null = null
  before(async function () {
    this.timeout(60_000)
    dir = mkdtempSync(join(tmpdir(), 'banyan-lab-'))
    database = await borrowDatabase({ form, dir })
  })
  after(async function () {
    this.timeout(60_000)
    await database?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  suite(() => {
    if (database === null) throw new TypeError('the database is there only while tests run')
    return database
  })
}

/**
 * Describes a suite once for each database, with an empty one of its own each time. Without
 * MariaDB on this machine its half is left out, and the run says so.
 *
 * @param title names the suite in that list
 * @param suite gets a function that returns the database; to be called in hooks and tests only
 */
export const describeEachDatabase = (title: string, mariadb: Probe, suite: Suite): void => {
  describe(`${title} on SQLite`, () => withDatabase('sqlite', suite))
  describeWith({ mariadb }, `${title} on MariaDB`, () => withDatabase('mariadb', suite))
}
