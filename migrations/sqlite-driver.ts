/**
 * One SQLite database file through libsql, synchronously: the only file that knows the driver.
 * Values go in as JavaScript has them and come out as mysql2 gives them, so that models need not
 * know which database they read.
 */
import { Buffer } from 'node:buffer'
import { existsSync } from 'node:fs'
import Libsql from 'libsql'
import { completeTexts } from './sqlite-whole-text.ts'

export type Row = Record<string, unknown>

/** By position, or by name; `$`, `:` and `@` before a name make no difference. */
export type Given = readonly unknown[] | Readonly<Record<string, unknown>>

export interface Outcome {
  readonly rows: readonly Row[]
  /** Row id of the last row inserted on this connection; 0 after a query. */
  readonly lastID: number
  readonly changes: number
}

/** A statement on its way. Every error has a `code` that starts with SQLITE_. */
export interface SqliteStep {
  /** Throws SQLITE_BUSY at once where a lock is held; then it may be called again. */
  run(): Outcome
  /** Takes back what `run` left halfway. Call it when giving up on SQLITE_BUSY. */
  abandon(): void
}

export interface SqliteFile {
  step(sql: string, given: Given): SqliteStep
  close(): void
}

type Bound = string | number | bigint | Buffer | null
type Bindings = readonly Bound[] | Readonly<Record<string, Bound>>

/** libsql aborts the whole process when a boolean is bound, and refuses dates and undefined. */
const toBound = (value: unknown): Bound => {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value
  }
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length)
  throw new TypeError(`cannot bind a value of type ${typeof value} to a SQLite statement`)
}

const toBindings = (given: Given): Bindings => {
  if (Array.isArray(given)) return given.map(toBound)
  const bindings: Record<string, Bound> = {}
  for (const [name, value] of Object.entries(given)) {
    bindings[name.replace(/^[$:@]/, '')] = toBound(value)
  }
  return bindings
}

/** BIGINT columns are strings whatever they hold, as with mysql2; other integers when they must. */
const fromInteger = (value: bigint, isBigint: boolean): number | string => {
  const small = Number(value)
  return !isBigint && Number.isSafeInteger(small) ? small : value.toString()
}

const bigintColumns = (columns: readonly Libsql.ColumnDefinition[]): ReadonlySet<string> => {
  const found = columns.filter(({ type }) => type !== null && /^bigint\b/i.test(type))
  return new Set(found.map(({ name }) => name))
}

const fromRow = (row: Row, bigints: ReadonlySet<string>): Row => {
  for (const [name, value] of Object.entries(row)) {
    if (typeof value === 'bigint') row[name] = fromInteger(value, bigints.has(name))
    else if (value instanceof ArrayBuffer) row[name] = Buffer.from(value)
  }
  return row
}

/** A NUL ends the text of a statement; Sequelize writes one into string literals, nowhere else. */
const withoutNul = (sql: string): string =>
  sql.includes('\0') ? sql.replaceAll('\0', "'||char(0)||'") : sql

const perform = (database: Libsql.Database, text: string, given: Given): Outcome => {
  const sql = withoutNul(text)
  const statement = database.prepare<[Bindings]>(sql)
  const bindings = toBindings(given)
  if (!statement.reader) {
    const { changes, lastInsertRowid } = statement.run(bindings)
    return { rows: [], changes, lastID: Number(lastInsertRowid) }
  }
  const bigints = bigintColumns(statement.columns())
  const rows = statement.all(bindings) as Row[]
  completeTexts(rows, sql, (query) => database.prepare<[Bindings]>(query).all(bindings) as Row[])
  return { rows: rows.map((row) => fromRow(row, bigints)), changes: 0, lastID: 0 }
}

const failure = (code: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code })

const controls = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\b/i

/** Pragmas that read the schema, as `table_info`, of which Sequelize asks one before each SELECT. */
const reading = /^\s*(?:SELECT|EXPLAIN|VALUES|PRAGMA\s+\w+_(?:info|xinfo|list))\b/i

/**
 * How to take a statement's lock before it runs, by its first words; null: it needs none. libsql
 * never resets a prepared statement that met SQLITE_BUSY: such a leftover keeps its connection from
 * ever committing again, and others from writing until it is collected, for once it has its lock it
 * does not let go. `exec` leaves nothing behind, so locks are only asked for by `exec`.
 */
const lockFor = (sql: string): string | null => {
  const reads = reading.test(sql)
  if (!reads && /^\s*PRAGMA\b/i.test(sql)) return null
  return reads ? 'BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1' : 'BEGIN IMMEDIATE'
}

const createFile = (database: Libsql.Database): SqliteFile => {
  // Set while a statement waits for its commit: another one would end up in its transaction.
  let isCommitting = false

  const rollBack = (): void => {
    if (database.inTransaction) database.exec('ROLLBACK')
  }
  const control = (sql: string): Outcome => {
    // Sequelize rolls back even what never began because its BEGIN met a lock.
    if (database.inTransaction || !/^\s*ROLLBACK\b/i.test(sql)) database.exec(sql)
    return { rows: [], changes: 0, lastID: 0 }
  }
  const lockedPerform = (lock: string, sql: string, given: Given): Outcome => {
    try {
      database.exec(lock)
      return perform(database, sql, given)
    } catch (error) {
      rollBack()
      throw error
    }
  }
  const step = (sql: string, given: Given): SqliteStep => {
    let uncommitted: Outcome | null = null

    const begin = (): Outcome => {
      if (isCommitting) throw failure('SQLITE_BUSY', 'another statement is being committed')
      if (controls.test(sql)) return control(sql)
      const lock = database.inTransaction ? null : lockFor(sql)
      if (lock === null) return perform(database, sql, given)
      uncommitted = lockedPerform(lock, sql, given)
      isCommitting = true
      return uncommitted
    }
    return {
      run() {
        const outcome = uncommitted ?? begin()
        if (uncommitted === null) return outcome
        database.exec('COMMIT')
        uncommitted = null
        isCommitting = false
        return outcome
      },
      abandon() {
        if (uncommitted === null) return
        rollBack()
        uncommitted = null
        isCommitting = false
      },
    }
  }
  return {
    step,
    close: () => {
      database.close()
    },
  }
}

/** Throws SQLITE_CANTOPEN; with `create: false` also where there is no file yet. */
export const openSqliteFile = (file: string, { create }: { create: boolean }): SqliteFile => {
  if (file !== ':memory:' && !create && !existsSync(file)) {
    throw failure('SQLITE_CANTOPEN', `there is no database file ${file}`)
  }
  try {
    // No timeout of SQLite's own: it would block the event loop, not only the statement.
    return createFile(new Libsql(file, { timeout: 0 }).defaultSafeIntegers(true))
  } catch (cause) {
    throw failure('SQLITE_CANTOPEN', `cannot open the database file ${file}`, cause)
  }
}
