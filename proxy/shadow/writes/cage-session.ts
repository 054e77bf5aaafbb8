/**
 * One request whose writes are executed inside an XA transaction that is always rolled back. The
 * server itself refuses there whatever would commit (error 1399; MariaDB and MySQL manuals, XA
 * transaction states): proven for each server by `provesCage` before it is relied on.
 */
import { randomUUID } from 'node:crypto'
import { type CageRecord, createCageRecord } from './cage-record.ts'
import { inTurn } from './in-turn.ts'
import type { KnownFacts } from './known-facts.ts'
import { createLetters } from './letters.ts'
import type { Answered, Asked } from './mysql-facade.ts'
import type { MysqlLink, MysqlModule } from './mysql-link.ts'
import { carried, execute, type MysqlSession, refusedError, statementOf } from './mysql-session.ts'
import { mentioned } from './overlay.ts'
import type { Intended, WritesProblem } from './report.ts'
import { readStatement } from './sql-statement.ts'
import { readTokens } from './sql-tokens.ts'
import type { Statement } from './statement.ts'
import { quoteName } from './table-facts.ts'

/** Deadlock, lock wait over, transaction rolled back by the server: nothing after these is caged for sure. */
const losses: ReadonlySet<unknown> = new Set([1213, 1205, 1614, 1613, 1402, 1397, 1399, 1969, 3024])

const errnoOf = (error: unknown): unknown => (error as { errno?: unknown } | null)?.errno

const lockSeconds = 1

/**
 * Why this server holds no cage; null: it refuses to leave a transaction by DDL.
 *
 * @param link is of no use after it
 */
export const whyNoCage = async (link: MysqlLink): Promise<string | null> => {
  const table = quoteName(`banyan_cage_${randomUUID().replaceAll('-', '')}`)
  try {
    await link.ask(`XA START '${randomUUID()}'`)
    await link.ask(`CREATE TABLE ${table} (a INT)`)
    await link.ask(`DROP TABLE ${table}`).catch(() => {})
    return 'the server lets DDL out of an XA transaction'
  } catch (error) {
    if (errnoOf(error) === 1399) return null
    return `the server holds no XA transaction: ${error instanceof Error ? error.message : error}`
  } finally {
    link.destroy()
  }
}

/** Names whose use may change what no rollback takes back. */
const riskyNames = async ({ ask }: MysqlLink): Promise<readonly string[]> => {
  const names = async (sql: string): Promise<readonly string[]> =>
    (await ask(sql)).map(([name]) => name ?? '')
  const lasting = await names(
    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') AND ((TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB') OR TABLE_TYPE = 'SEQUENCE')",
  )
  // Inserting there counts on for good.
  const counting = await names(
    "SELECT TABLE_NAME FROM information_schema.COLUMNS WHERE COLUMN_DEFAULT LIKE '%nextval(%'",
  )
  const routines = await names(
    "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA <> 'sys'",
  )
  if (lasting.length + counting.length === 0) return routines
  // What these do in turn cannot be told from the statement.
  const indirect = await names(
    "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA <> 'sys' UNION SELECT EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA <> 'sys'",
  )
  return [...lasting, ...counting, ...routines, ...indirect]
}

type Control = 'begin' | 'commit' | 'rollback'
type Text = NonNullable<ReturnType<typeof statementOf>>

/**
 * Transactions within the cage are savepoints, one for each connection of the handlers. None is released:
 * the server would let go of all that were set after it, those of other connections too.
 */
const createSavepoints = () => {
  /** By connection: whether others have done anything meanwhile. */
  const open = new Map<number, boolean>()
  const nameOf = (connection: number): string => quoteName(`banyan_${connection}`)
  return {
    /** It does something that a rollback of another one would take along. */
    note(connection: number): void {
      for (const other of open.keys()) if (other !== connection) open.set(other, true)
    },
    isEntangled: (connection: number): boolean => open.get(connection) === true,
    /** What the server is to be told; null: nothing. */
    sql(connection: number, is: Control): string | null {
      const wasOpen = open.delete(connection)
      if (is === 'begin') {
        open.set(connection, false)
        return `SAVEPOINT ${nameOf(connection)}`
      }
      return is === 'rollback' && wasOpen ? `ROLLBACK TO SAVEPOINT ${nameOf(connection)}` : null
    },
  }
}

const done: Answered = {
  result: Object.defineProperty(
    { affectedRows: 0, insertId: 0, changedRows: 0, warningStatus: 0 },
    'constructor',
    { value: { name: 'ResultSetHeader' }, enumerable: false },
  ),
  fields: undefined,
}

const enclose = async (link: MysqlLink): Promise<void> => {
  await link.ask(`SET SESSION innodb_lock_wait_timeout = ${lockSeconds}`)
  await link.ask(`SET SESSION lock_wait_timeout = ${lockSeconds}`)
  await link.ask(`XA START 'banyan:${randomUUID()}'`)
}

/** Nothing of it stays. */
const leave = async (link: MysqlLink): Promise<void> => {
  try {
    if (!link.isAlive()) return
    await link.ask('XA END')
    await link.ask('XA ROLLBACK')
  } catch {
    // The server takes back what a connection leaves behind that is gone.
  } finally {
    link.destroy()
  }
}

const isControl = (is: Statement['is']): is is Control =>
  is === 'begin' || is === 'commit' || is === 'rollback'

const takesBack = (is: Statement['is']): boolean => is === 'rollback' || is === 'rollbackTo'

const namesIn = (
  sql: string,
  { reading }: MysqlLink,
  names: readonly string[],
): readonly string[] => {
  const read = readTokens(sql, reading)
  return 'why' in read ? [read.why] : mentioned(read.tokens, names)
}

/** To be asked within the cage; null: not all of it is known. */
const recorded = async (link: MysqlLink, record: CageRecord): Promise<Intended | null> => {
  const overlay = record.why() === null && link.isAlive() ? carried(record.overlay()) : null
  if (overlay === null) return null
  try {
    const [row] = await link.ask('SELECT @@SESSION.time_zone')
    const zone = row?.[0] ?? 'SYSTEM'
    return { overlay, server: link.server, zone, snapshot: null, caged: { reads: record.reads() } }
  } catch {
    return null
  }
}

/**
 * Rejects where the cage cannot be entered; the link is of no use then, nor after `end`.
 *
 * @param known for when somebody knows what legacy writes, to hold what is written here against it; null:
 * nobody does, and nothing is looked at
 */
export const createCageSession = async (
  mysql: MysqlModule,
  link: MysqlLink,
  known: KnownFacts | null,
): Promise<MysqlSession> => {
  const risky = await riskyNames(link)
  const letters = createLetters(link)
  const record = known && createCageRecord({ ...link, ask: letters.ask }, known)
  await enclose(link)
  const [turn, savepoints] = [inTurn(), createSavepoints()]
  let problem: WritesProblem | null = null

  const refuse = (detail: string): never => {
    problem ??= { reason: 'statement', detail }
    throw refusedError(detail)
  }
  const noteLoss = (error: unknown): never => {
    if (losses.has(errnoOf(error)) || !link.isAlive()) {
      const detail = `the server ended the transaction (${errnoOf(error)})`
      problem ??= { reason: 'cage_lost', detail }
      link.destroy()
    }
    throw error
  }
  const run = (asked: Asked, sql: string): Promise<Answered> =>
    execute(link, asked, sql).catch(noteLoss)
  const runControl = (asked: Asked, is: Control): Promise<Answered> => {
    const sql = savepoints.sql(asked.connection, is)
    return sql === null
      ? Promise.resolve(done)
      : run({ ...asked, isPrepared: false, values: undefined }, sql)
  }
  /** Before anything is asked about it, which may be to use what it names. */
  const check = ({ connection }: Asked, { is }: Statement, { filled }: Text): void => {
    if (takesBack(is) && savepoints.isEntangled(connection))
      refuse('a transaction is taken back beside which another connection has written')
    if (isControl(is)) return
    const [name] = namesIn(filled, link, risky)
    if (name !== undefined) refuse(`${name} may keep what a rollback does not take back`)
  }
  const make = (asked: Asked, { is }: Statement, { sent }: Text): Promise<Answered> => {
    if (isControl(is)) return runControl(asked, is)
    return is === 'release' ? Promise.resolve(done) : run(asked, sent)
  }
  const perform = async (asked: Asked): Promise<Answered> => {
    if (!link.isAlive()) throw refusedError('its transaction is over')
    const text = statementOf(mysql, link, asked) ?? refuse('its values do not fit its places')
    const statement = readStatement(text.filled, link.reading)
    if (statement.is === 'refused') return refuse(statement.why)
    if (statement.is === 'ignored') return done
    check(asked, statement, text)
    await letters.speakAs(asked).catch(noteLoss)
    if (statement.is === 'begin' || 'table' in statement) savepoints.note(asked.connection)
    const making = async (): Promise<Answered> => make(asked, statement, text)
    return record === null ? making() : record.around(statement, text.filled, making)
  }
  return {
    overlay: () => null,
    problem: () => problem,
    answer: (asked) => turn(() => perform(asked)),
    ...(record === null ? {} : { intended: () => turn(() => recorded(link, record)) }),
    end: () => turn(() => leave(link)),
  }
}
