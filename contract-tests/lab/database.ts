/** The database of one run: nothing outside its directory, nothing shared with anybody. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startMariadb } from './mariadb.ts'

export type DatabaseForm = 'sqlite' | 'mariadb'

export interface LabDatabaseOptions {
  readonly form: DatabaseForm
  /** The run's directory; made when missing, removed by whoever made the run. */
  readonly dir: string
  /** For MariaDB that comes back where it was. Default: a port that the kernel gives. */
  readonly port?: number
}

export interface LabDatabase {
  readonly form: DatabaseForm
  /** For `DATABASE_URL`. The database is empty at first: migrate, then seed. */
  readonly url: string
  /** 127.0.0.1; null for a file. */
  readonly port: number | null
  /** Ends the server and keeps the data. */
  close(): Promise<void>
  /** Ends the server as a crash would; a file has none. */
  kill(): Promise<void>
}

const done = (): Promise<void> => Promise.resolve()

/** Rejects when MariaDB is wanted and `whyNoMariadb` has a reason. */
export const startDatabase = async (options: LabDatabaseOptions): Promise<LabDatabase> => {
  const { form, port } = options
  const dir = resolve(options.dir)
  mkdirSync(dir, { recursive: true })
  if (form === 'sqlite') {
    return { form, url: `sqlite:${join(dir, 'conduit.db')}`, port: null, close: done, kill: done }
  }
  const server = await startMariadb({ dir, ...(port === undefined ? {} : { port }) })
  return { form, url: server.url, port: server.port, close: server.stop, kill: server.kill }
}
