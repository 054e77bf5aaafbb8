import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatabaseForm, type LabDatabase, startDatabase } from './database.ts'
import { whyNoMariadb } from './mariadb.ts'

const whyLeftOut: Readonly<Record<DatabaseForm, () => string | null>> = {
  sqlite: () => null,
  mariadb: whyNoMariadb,
}

/**
 * Describes a suite once for each database, each with an empty one of its own. Where a database
 * cannot be started here its suite is skipped, and the title says why.
 *
 * @param suite gets a function that returns the database; call it in hooks and tests only
 */
export const eachDatabase = (suite: (database: () => LabDatabase) => void): void => {
  for (const form of ['sqlite', 'mariadb'] as const) {
    const why = whyLeftOut[form]()
    const title = why === null ? `on ${form}` : `on ${form} (left out: ${why})`
    const describeIt = why === null ? describe : describe.skip
    describeIt(title, () => {
      const dir = mkdtempSync(join(tmpdir(), 'banyan-lab-'))
      let database: LabDatabase | null = null
      before(async function () {
        this.timeout(60_000)
        database = await startDatabase({ form, dir })
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
    })
  }
}
