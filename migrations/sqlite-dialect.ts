/**
 * SQLite for Sequelize without a native build: the part of the `sqlite3` package's interface that
 * Sequelize 6 uses. docs/adr/0012-libsql-as-sequelize-dialect.md tells what each oddity prevents.
 */
import {
  type Given,
  type Outcome,
  openSqliteFile,
  type Row,
  type SqliteFile,
  type SqliteStep,
} from './sqlite-driver.ts'

/** Pass it to Sequelize as `dialectModule`. */
export interface SqliteDialect {
  readonly Database: new (file: string, flags: number, opened: Callback) => Connection
  readonly OPEN_READONLY: number
  readonly OPEN_READWRITE: number
  /** Without it in `dialectOptions.mode` a missing file is an error, not a new database. */
  readonly OPEN_CREATE: number
}

export interface SqliteDialectOptions {
  /** How long a statement waits for another connection's lock before SQLITE_BUSY. Default 3000. */
  readonly busyTimeoutMs?: number
}

type Callback = (this: unknown, error: Error | null, rows?: readonly Row[]) => void

interface Connection {
  readonly filename: string
  run(sql: string, given?: Given | Callback, done?: Callback): void
  all(sql: string, given?: Given | Callback, done?: Callback): void
  serialize(step: () => void): void
  close(done?: Callback): void
}

/** What a callback gets as `this`; only from this class's name does Sequelize read bulk ids. */
class Statement {
  readonly lastID: number
  readonly changes: number

  constructor({ lastID, changes }: Outcome) {
    this.lastID = lastID
    this.changes = changes
  }
}

type Handle =
  | { readonly is: 'wanted' }
  | { readonly is: 'open'; readonly file: SqliteFile }
  | { readonly is: 'closed' }

const flags = { OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4 } as const
const nothing: Outcome = { rows: [], lastID: 0, changes: 0 }

/** Waits between tries at a lock, in ms, as SQLite's own busy handler has them; then the longest. */
const busyDelaysMs: readonly number[] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50]
const longestDelayMs = 100

/** Sequelize tells its errors apart by sqlite3's codes and message prefix, not by extended codes. */
const asSqliteError = (thrown: unknown): Error & { code: string } => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const given = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const code = /^SQLITE_(?:CONSTRAINT|BUSY)/.exec(given)?.[0] ?? (given || 'SQLITE_ERROR')
  return Object.assign(new Error(`${code}: ${error.message}`, { cause: error }), { code })
}

/** For statements that nobody waits for: their failure must not be lost. */
const rethrow: Callback = (error) => {
  if (error !== null) throw error
}

const createConnection = (
  filename: string,
  create: boolean,
  busyTimeoutMs: number,
): Connection & { open(opened: Callback): void } => {
  let handle: Handle = { is: 'wanted' }

  // Opened at need: Sequelize keeps a connection whose opening failed, so it must be able to heal.
  const file = (): SqliteFile => {
    if (handle.is === 'closed') throw new Error('the connection is closed')
    if (handle.is === 'wanted') handle = { is: 'open', file: openSqliteFile(filename, { create }) }
    return handle.file
  }
  const all: Connection['all'] = (sql, given = [], done = rethrow) => {
    const deadline = performance.now() + busyTimeoutMs
    const [bindings, callback] = typeof given === 'function' ? [[], given] : [given, done]
    let step: SqliteStep | null = null
    const run = (): Outcome => {
      step ??= file().step(sql, bindings)
      return step.run()
    }
    const fail = (error: Error): void => {
      step?.abandon()
      callback.call(new Statement(nothing), error)
    }
    const succeed = (outcome: Outcome): void =>
      callback.call(new Statement(outcome), null, outcome.rows)
    // Somebody else's lock must not stop the event loop: the statement tries again, later.
    const attempt = (tries: number): void => {
      try {
        process.nextTick(succeed, run())
      } catch (thrown) {
        const error = asSqliteError(thrown)
        if (error.code === 'SQLITE_BUSY' && performance.now() < deadline) {
          setTimeout(attempt, busyDelaysMs[tries] ?? longestDelayMs, tries + 1)
        } else process.nextTick(fail, error)
      }
    }
    attempt(0)
  }
  return {
    filename,
    open(opened) {
      try {
        file()
        process.nextTick(() => opened.call(null, null))
      } catch (thrown) {
        process.nextTick(() => opened.call(null, asSqliteError(thrown)))
      }
    },
    run: all,
    all,
    serialize: (step) => step(),
    close(done) {
      if (handle.is === 'open') handle.file.close()
      handle = { is: 'closed' }
      if (done !== undefined) process.nextTick(() => done.call(null, null))
    },
  }
}

export const createSqliteDialect = (options: SqliteDialectOptions = {}): SqliteDialect => {
  const busyTimeoutMs = options.busyTimeoutMs ?? 3000
  function Database(file: string, mode: number, opened: Callback): Connection {
    const connection = createConnection(file, (mode & flags.OPEN_CREATE) !== 0, busyTimeoutMs)
    connection.open(opened)
    return connection
  }
  // Sequelize says `new Database(…)`; a function that returns an object may be called so.
  return { ...flags, Database: Database as unknown as SqliteDialect['Database'] }
}
