/** The two ways in which a lane stands before MySQL: on a snapshot that it only reads, or in a cage. */

import { readLogPosition, readServerTime } from './binlog/read-log-position.ts'
import { createCaptureSession, type Reply } from './capture-session.ts'
import { UntoldError } from './change-parts.ts'
import { fillPlaces } from './fill-places.ts'
import { inTurn } from './in-turn.ts'
import { createLetters } from './letters.ts'
import type { Answered, Asked } from './mysql-facade.ts'
import type { MysqlLink, MysqlModule } from './mysql-link.ts'
import { lengthOf, type Overlay } from './overlay.ts'
import type { Intended, WritesProblem } from './report.ts'

export interface MysqlSession {
  /** Rejects with an error as the server's, or as of a server that refuses. */
  answer(asked: Asked): Promise<Answered>
  /** Null: nothing is recorded, but rolled back. */
  overlay(): Overlay | null
  problem(): WritesProblem | null
  /** To be asked before its end; null: nothing was recorded, or nobody can say. Never rejects. */
  intended?(): Promise<Intended | null>
  /** Resolves once nothing of it is left at the server, or its connection is gone. */
  end(): Promise<void>
}

/** Of a connection's options, those that say how values are given. */
const decoding = (
  'supportBigNumbers bigNumberStrings decimalNumbers dateStrings jsonStrings typeCast timezone ' +
  'rowsAsArray nestTables stringifyObjects namedPlaceholders'
).split(' ')

const foundRows = 2

const header = (
  { affected, matched, insertId }: Extract<Reply, { is: 'done' }>,
  { config }: Asked,
): object => {
  const countsFound = (Number(config.clientFlags) & foundRows) !== 0
  const made = {
    fieldCount: 0,
    affectedRows: countsFound && insertId === 0 ? Math.max(matched, affected) : affected,
    insertId,
    info: `Rows matched: ${matched}  Changed: ${affected}  Warnings: 0`,
    serverStatus: 2,
    warningStatus: 0,
    changedRows: affected,
  }
  // Sequelize knows an answer by the name of what made it.
  return Object.defineProperty(made, 'constructor', {
    value: { name: 'ResultSetHeader' },
    enumerable: false,
  })
}

/** Said with the statement itself. */
const perCall = ['rowsAsArray', 'nestTables', 'typeCast'] as const

/** Has a statement executed in the way that its connection wants its values. */
export const execute = ({ connection }: MysqlLink, asked: Asked, sql: string): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { config, isPrepared, values, options } = asked
    for (const name of decoding) connection.config[name] = config[name]
    const given = Object.fromEntries(
      perCall.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
    )
    const query = isPrepared && values !== undefined ? { ...given, sql, values } : { ...given, sql }
    connection[isPrepared ? 'execute' : 'query'](query, (error, result, fields) => {
      if (error === null) resolve({ result, fields })
      else reject(error)
    })
  })

/** The statement as it would be sent, and with all of its values in it; null: they do not fit. */
export const statementOf = (
  mysql: MysqlModule,
  { reading }: MysqlLink,
  { isPrepared, sql, values, config }: Asked,
): { readonly sent: string; readonly filled: string } | null => {
  if (values === undefined) return { sent: sql, filled: sql }
  const { stringifyObjects, timezone } = config
  if (!isPrepared) {
    const sent = mysql.format(sql, values, stringifyObjects, timezone)
    return { sent, filled: sent }
  }
  const written = (value: unknown): string => mysql.escape(value, stringifyObjects, timezone)
  const filled = fillPlaces(sql, values, reading, written)
  return filled === null ? null : { sent: sql, filled }
}

export const refusedError = (detail: string): Error =>
  Object.assign(new Error(`a shadow is not given this by its database: ${detail}`), {
    code: 'ER_BANYAN_REFUSED',
    errno: 1235,
    sqlState: '42000',
  })

/** Reading so much takes the thread that serves clients a few milliseconds. */
const mostIntended = 1_048_576

/** Null: it is too much to be carried to whoever knows what legacy wrote. */
export const carried = (overlay: Overlay): Overlay | null =>
  lengthOf(overlay) > mostIntended ? null : overlay

const readOnly = 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'

/** What a statement calls may write, as a function does: legacy is not refused that. */
const toldAsStatement = (error: { readonly code?: unknown }): never => {
  if (error.code !== readOnly) throw error
  throw new UntoldError('statement', 'what it calls would write')
}

/** Reads on a snapshot that stands when this resolves; records what would be written. */
export const openCapture = async (mysql: MysqlModule, link: MysqlLink): Promise<MysqlSession> => {
  await link.ask('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
  // Asked at once, and waited for by nobody until it matters.
  const stoodAt = readServerTime(link).catch(() => null)
  const letters = createLetters(link)
  const session = createCaptureSession({ ...link, ask: letters.ask })
  const turn = inTurn()
  let problem: WritesProblem | null = null

  const perform = async (asked: Asked): Promise<Answered> => {
    await letters.speakAs(asked)
    const text = statementOf(mysql, link, asked)
    if (text === null) throw new UntoldError('statement', 'its values do not fit its places')
    const reply = await session.answer(asked.connection, text.sent, text.filled)
    if (reply.is === 'read') return execute(link, asked, reply.sql).catch(toldAsStatement)
    return { result: header(reply, asked), fields: undefined }
  }
  return {
    overlay: session.overlay,
    problem: () => problem,
    answer: (asked) =>
      turn(async () => {
        try {
          return await perform(asked)
        } catch (error) {
          if (!(error instanceof UntoldError)) throw error
          problem ??= { reason: error.reason, detail: error.message }
          throw refusedError(error.message)
        }
      }),
    intended: () =>
      turn(async () => {
        const overlay = carried(session.overlay())
        if (overlay === null) return null
        try {
          const [row] = await link.ask('SELECT @@SESSION.time_zone')
          const snapshot = (await readLogPosition(link)) ?? (await stoodAt)
          const zone = row?.[0] ?? 'SYSTEM'
          return { overlay, server: link.server, zone, snapshot }
        } catch {
          return null
        }
      }),
    end: () =>
      turn(async () => {
        await link.ask('ROLLBACK').then(letters.restore).catch(link.destroy)
      }),
  }
}
