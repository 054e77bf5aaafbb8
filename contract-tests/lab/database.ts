/** The database of one run: nothing outside its directory, nothing shared with anybody. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startSqlServer } from './sql-server.ts'

export type DatabaseForm = 'sqlite' | 'mariadb'

export interface LabDatabaseOptions {
  readonly form: DatabaseForm
  /** The run's directory; made when missing, removed by whoever made the run. */
  readonly dir: string
}

export interface LabDatabase {
  readonly form: DatabaseForm
  /** For `DATABASE_URL`. The database is empty at first: migrate, then seed. */
  readonly url: string
  /** Ends the server and keeps the data. A file has no server, here and below. */
  close(): Promise<void>
  /** Ends the server as a crash would. It stays down until `restart`. */
  kill(): Promise<void>
  /** Resolves when the server is ready again, at the same URL. */
  restart(): Promise<void>
}

/** One that others use afterwards: nobody kills it. */
export type LentDatabase = Pick<LabDatabase, 'form' | 'url' | 'close'>

const nothing = (): Promise<void> => Promise.resolve()

/** Rejects when MariaDB is wanted and not installed. */
export const startDatabase = async ({ form, dir }: LabDatabaseOptions): Promise<LabDatabase> => {
  const home = resolve(dir)
  mkdirSync(home, { recursive: true })
  if (form === 'mariadb') {
    const { url, close, kill, restart } = await startSqlServer(home)
    return { form, url, close, kill, restart }
  }
  const url = `sqlite:${join(home, 'conduit.db')}`
  return { form, url, close: nothing, kill: nothing, restart: nothing }
}
