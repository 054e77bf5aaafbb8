/**
 * One MariaDB for all suites of a run that ask for no more than an empty database: to install and
 * start a server takes seconds, to empty a database a tenth of one. Suites that kill a server, read
 * its log or try to break it start one of their own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../migrations/open-database.ts'
import {
  type LabDatabase,
  type LabDatabaseOptions,
  type LentDatabase,
  startDatabase,
} from './database.ts'

interface Shared {
  readonly server: LabDatabase
  readonly dir: string
}

/** One server for the whole run: mocha has one process, and runs one suite at a time. */
let shared: Promise<Shared> | null = null
let isLent = false

const startShared = async (): Promise<Shared> => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-shared-'))
  return { dir, server: await startDatabase({ form: 'mariadb', dir }) }
}

/** Mocha calls this once, after the last test: what is loaded first stands outside of all suites. */
after(async function () {
  this.timeout(60_000)
  const ending = await shared
  shared = null
  if (ending === null) return
  await ending.server.close()
  rmSync(ending.dir, { recursive: true, force: true })
})

const empty = async (url: string): Promise<void> => {
  const name = new URL(url).pathname.slice(1)
  // From beside it: nobody can connect to a database that is not there.
  const beside = openDatabase(url.replace(/[^/]*$/, 'information_schema'))
  try {
    await beside.query(`DROP DATABASE ${name}`)
    await beside.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  } finally {
    await beside.close()
  }
}

/**
 * As `startDatabase`, but MariaDB is that of the run, emptied. `close` gives it back.
 *
 * @throws Error while somebody else has it
 */
export const borrowDatabase = async (options: LabDatabaseOptions): Promise<LentDatabase> => {
  if (options.form === 'sqlite') return startDatabase(options)
  if (isLent) throw new Error('another suite has the MariaDB of this run, and did not close it')
  isLent = true
  const giveBack = async (): Promise<void> => {
    isLent = false
  }
  try {
    shared ??= startShared()
    const { url } = (await shared).server
    await empty(url)
    return { form: 'mariadb', url, close: giveBack }
  } catch (error) {
    await giveBack()
    throw error
  }
}
