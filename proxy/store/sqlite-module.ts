/**
 * SQLite for the store: the part of the `sqlite3` package's interface that Sequelize uses, over
 * libsql. For a thread of its own: a statement runs at once, and waits for another process's lock
 * as long as SQLite does.
 */
import { Buffer } from 'node:buffer'
import Libsql from 'libsql'

type Row = Record<string, unknown>
type Given = readonly unknown[] | Readonly<Record<string, unknown>>
type Callback = (this: unknown, error: Error | null, rows?: readonly Row[]) => void

interface Connection {
  readonly filename: string
  run(sql: string, given?: Given | Callback, done?: Callback): void
  all(sql: string, given?: Given | Callback, done?: Callback): void
  serialize(step: () => void): void
  close(done?: Callback): void
}

/** Pass it to Sequelize as `dialectModule`. */
export interface SqliteModule {
  readonly Database: new (file: string, flags: number, opened: Callback) => Connection
  readonly OPEN_READONLY: number
  readonly OPEN_READWRITE: number
  readonly OPEN_CREATE: number
}

export interface SqliteModuleOptions {
  /** How long a statement waits for a lock of another process. */
  readonly busyTimeoutMs: number
  /** Pages that the file may have; absent: as many as the disk has room for. */
  readonly mostPages?: number
}

const flags = { OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4 } as const

/** libsql aborts the whole process when a boolean is bound. */
const toBound = (value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value)

const toBindings = (given: Given): unknown =>
  Array.isArray(given)
    ? given.map(toBound)
    : Object.fromEntries(
        Object.entries(given).map(([name, value]) => [name.replace(/^[$:@]/, ''), toBound(value)]),
      )

/** Sequelize tells its errors apart by sqlite3's codes and message prefix, not by extended codes. */
const asSqliteError = (thrown: unknown): Error => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const given = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const code = /^SQLITE_(?:CONSTRAINT|BUSY)/.exec(given)?.[0] ?? (given || 'SQLITE_ERROR')
  return Object.assign(new Error(`${code}: ${error.message}`, { cause: error }), { code })
}

const open = (file: string, { busyTimeoutMs, mostPages }: SqliteModuleOptions): Libsql.Database => {
  const database = new Libsql(file, { timeout: busyTimeoutMs })
  try {
    // Readers of another process never wait, and a commit needs no fsync to survive a kill.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    if (mostPages !== undefined) database.exec(`PRAGMA max_page_count = ${mostPages}`)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const controls = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i

interface Result {
  readonly rows: readonly Row[]
  readonly lastID: number
  readonly changes: number
}

const none: Result = { rows: [], lastID: 0, changes: 0 }

const perform = (database: Libsql.Database, sql: string, given: Given): Result => {
  if (controls.test(sql)) {
    // Sequelize rolls back even what never began because its BEGIN met a lock.
    if (database.inTransaction || !/^\s*ROLLBACK\b/i.test(sql)) database.exec(sql)
    return none
  }
  const statement = database.prepare<[unknown]>(sql)
  if (statement.reader) {
    const rows = statement.all(toBindings(given)) as Row[]
    return { ...none, rows: rows.map(fromRow) }
  }
  const { changes, lastInsertRowid } = statement.run(toBindings(given))
  return { rows: [], changes, lastID: Number(lastInsertRowid) }
}

const fromRow = (row: Row): Row => {
  for (const [name, value] of Object.entries(row))
    if (value instanceof ArrayBuffer) row[name] = Buffer.from(value)
  return row
}

const createConnection = (
  filename: string,
  options: SqliteModuleOptions,
  opened: Callback,
): Connection => {
  let database: Libsql.Database | null = null
  const settle = (work: () => Result, done: Callback): void => {
    try {
      const result = work()
      process.nextTick(() => done.call(result, null, result.rows))
    } catch (thrown) {
      const error = asSqliteError(thrown)
      process.nextTick(() => done.call(none, error))
    }
  }
  const ready = (): Libsql.Database => {
    database ??= open(filename, options)
    return database
  }
  const all: Connection['all'] = (sql, given = [], done) => {
    const [bindings, callback] = typeof given === 'function' ? [[], given] : [given, done]
    settle(() => perform(ready(), sql, bindings), callback ?? (() => {}))
  }
  settle(() => {
    ready()
    return none
  }, opened)
  return {
    filename,
    run: all,
    all,
    serialize: (step) => step(),
    close(done) {
      database?.close()
      database = null
      if (done !== undefined) process.nextTick(() => done.call(null, null))
    },
  }
}

export const createSqliteModule = (options: SqliteModuleOptions): SqliteModule => {
  function Database(file: string, _mode: number, opened: Callback): Connection {
    return createConnection(file, options, opened)
  }
  // Sequelize says `new Database(…)`; a function that returns an object may be called so.
  return { ...flags, Database: Database as unknown as SqliteModule['Database'] }
}

/**
 * Copies a database file into another one, that must not exist, as it stands at one moment; it need not
 * survive a loss of power. Holds a read lock for as long as it takes, and makes no journal of another kind.
 *
 * @throws Error where it cannot be read, or is locked for longer than a second
 */
export const copySqliteFile = (from: string, to: string): void => {
  const database = new Libsql(from, { timeout: 1_000 })
  try {
    // The copy alone is written: nobody needs it after a loss of power, and it is there three times sooner.
    database.exec('PRAGMA synchronous = OFF')
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
}

/**
 * Waits for nobody: a file in which nobody has a transaction open, with everything in it that is
 * committed, and nothing beside it.
 *
 * @throws Error where somebody has
 */
export const claimSqliteFile = (file: string): void => {
  const database = new Libsql(file, { timeout: 0 })
  try {
    const [row] = database.prepare('PRAGMA journal_mode = DELETE').raw().all() as string[][]
    if (row?.[0] !== 'delete') throw new Error('somebody keeps the file open in WAL mode')
    database.exec('BEGIN EXCLUSIVE; COMMIT')
  } finally {
    database.close()
  }
}

/** One statement that reads; integers are exact. */
export type AskSqlite = (sql: string) => readonly (readonly unknown[])[]

/**
 * Asks several files as if they were one database, each by its name. All of it at once: nothing else
 * of the thread runs meanwhile.
 *
 * @throws Error where one of them cannot be read, or is locked for longer than a second
 */
export const askSqliteFiles = <T>(
  files: Readonly<Record<string, string>>,
  work: (ask: AskSqlite) => T,
): T => {
  const database = new Libsql(':memory:', { timeout: 1_000 })
  try {
    database.defaultSafeIntegers(true)
    for (const [name, file] of Object.entries(files)) {
      database.prepare(`ATTACH ? AS "${name}"`).run(file)
    }
    return work((sql) => database.prepare(sql).raw().all() as (readonly unknown[])[])
  } finally {
    database.close()
  }
}
