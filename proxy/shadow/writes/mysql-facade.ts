/**
 * What handlers get as their database driver: shaped like mysql2, connected to nothing. Every
 * statement goes to whoever answers for the request.
 */
import { EventEmitter } from 'node:events'
import { filledConfig, type MysqlModule } from './mysql-link.ts'

type Done = (error: unknown, result?: unknown, fields?: unknown) => void

/** One statement of the handlers. */
export interface Asked {
  /** Names the connection that it comes by. */
  readonly connection: number
  /** How the connection wants its values: the options of mysql2, filled in. */
  readonly config: Readonly<Record<string, unknown>>
  /** Whether its values travel beside it. */
  readonly isPrepared: boolean
  readonly sql: string
  readonly values: unknown
  /** What the call says besides: `rowsAsArray`, `nestTables`, `typeCast`. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface Answered {
  readonly result: unknown
  readonly fields: unknown
}

export type AnswerStatement = (asked: Asked) => Promise<Answered>

const noDone: Done = () => {}

const readCall = (
  given: unknown,
  second: unknown,
  third: unknown,
): { readonly call: Omit<Asked, 'connection' | 'config' | 'isPrepared'>; readonly done: Done } => {
  const options = typeof given === 'string' ? { sql: given } : (given as Record<string, unknown>)
  const done = [second, third].find((each) => typeof each === 'function') ?? noDone
  const values = second === undefined || typeof second === 'function' ? options.values : second
  return { call: { options, sql: String(options.sql), values }, done: done as Done }
}

type Ask = (isPrepared: boolean, given: readonly unknown[]) => Promise<Answered>

const promised = (ask: Ask) => {
  const run =
    (isPrepared: boolean) =>
    async (...given: unknown[]): Promise<readonly unknown[]> => {
      const { result, fields } = await ask(isPrepared, given)
      return [result, fields]
    }
  const plain = (sql: string) => async (): Promise<void> => void (await ask(false, [sql]))
  return {
    query: run(false),
    execute: run(true),
    beginTransaction: plain('START TRANSACTION'),
    commit: plain('COMMIT'),
    rollback: plain('ROLLBACK'),
    ping: plain('SELECT 1'),
    end: async (): Promise<void> => {},
    release(): void {},
    destroy(): void {},
  }
}

const createConnection = (
  mysql: MysqlModule,
  connection: number,
  given: object,
  answer: AnswerStatement,
): object => {
  const config = filledConfig(mysql, given)
  const events = new EventEmitter()
  const ask: Ask = (isPrepared, [first, second, third]) =>
    answer({ connection, config, isPrepared, ...readCall(first, second, third).call })
  const run =
    (isPrepared: boolean) =>
    (...call: unknown[]): EventEmitter => {
      const { done } = readCall(call[0], call[1], call[2])
      ask(isPrepared, call).then(
        ({ result, fields }) => done(null, result, fields),
        (error: unknown) => done(error),
      )
      return new EventEmitter()
    }
  const plain =
    (sql: string) =>
    (done: Done = noDone) =>
      void run(false)(sql, done)
  const end = (done: Done = noDone): void => {
    state._closing = true
    plain('ROLLBACK')(() => done(null))
  }
  const state = Object.assign(events, {
    ...{ config, threadId: connection, stream: { destroyed: false }, _closing: false },
    query: run(false),
    execute: run(true),
    beginTransaction: plain('START TRANSACTION'),
    commit: plain('COMMIT'),
    rollback: plain('ROLLBACK'),
    ping: plain('SELECT 1'),
    ...{ end, close: end, destroy: end, release: noDone, pause: noDone, resume: noDone },
    promise: () => promised(ask),
    format: (sql: string, values: unknown) => mysql.format(sql, values),
    escape: (value: unknown) => mysql.escape(value),
  })
  setImmediate(() => events.emit('connect'))
  return state
}

const noPool = (): never => {
  throw new TypeError(
    'a shadow has single connections only: use createConnection, as Sequelize does',
  )
}

const harmless = ['format', 'escape', 'escapeId', 'raw', 'Types', 'Charsets'] as const

/** The module that stands for mysql2. */
export const createMysqlFacade = (mysql: MysqlModule, answer: AnswerStatement): object => {
  let connections = 0
  return {
    ...Object.fromEntries(harmless.map((name) => [name, mysql[name]])),
    createConnection(config: object) {
      connections += 1
      return createConnection(mysql, connections, config, answer)
    },
    ...{ createPool: noPool, createPoolCluster: noPool, createServer: noPool },
  }
}
