/** Connections to MySQL and MariaDB inside a lane, by the driver that the handlers themselves have. */
import { createRequire } from 'node:module'
import { Duplex } from 'node:stream'
import { pathToFileURL } from 'node:url'
import type { SqlReading } from './sql-tokens.ts'
import type { SqlRow } from './table-facts.ts'

export interface MysqlAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

type Done = (error: Error | null, result?: unknown, fields?: unknown) => void

export interface MysqlQuery {
  readonly sql: string
  readonly values?: unknown
  readonly rowsAsArray?: boolean
  readonly typeCast?: unknown
}

/** What is used of a connection of mysql2. */
export interface MysqlConnection {
  readonly config: Record<string, unknown>
  /** As it comes from the server. */
  readonly stream: {
    on(event: 'data', listener: (chunk: Uint8Array) => void): unknown
    destroy(): unknown
  }
  query(query: MysqlQuery, done: Done): unknown
  execute(query: MysqlQuery, done: Done): unknown
  on(event: string, listener: (...given: unknown[]) => void): unknown
  once(event: string, listener: (...given: unknown[]) => void): unknown
  destroy(): void
}

/** What is used of the module mysql2. */
export interface MysqlModule {
  createConnection(config: object): MysqlConnection
  format(sql: string, values: unknown, stringifyObjects?: unknown, timezone?: unknown): string
  escape(value: unknown, stringifyObjects?: unknown, timezone?: unknown): string
  readonly [name: string]: unknown
}

/** One connection, and what its server is. */
export interface MysqlLink {
  readonly connection: MysqlConnection
  readonly reading: SqlReading
  readonly isMariadb: boolean
  readonly id: number
  /** Names the server: the same over all of its connections. */
  readonly server: string
  /**
   * Every value as the text that the server sent. Rejects with the server's error, once the connection
   * is gone, and where nothing is answered for 30 s, or more than there is room for: the connection goes
   * then.
   */
  ask(sql: string): Promise<readonly SqlRow[]>
  /** False once it must not be used again. */
  isAlive(): boolean
  destroy(): void
}

/** The driver beside the handlers' module; where they have none of their own, Banyan's. */
export const loadMysql = (module: string): MysqlModule => {
  try {
    return createRequire(pathToFileURL(module))('mysql2')
  } catch {
    return createRequire(import.meta.url)('mysql2')
  }
}

/** The options of a connection as the driver fills them in; nothing is connected. */
export const filledConfig = (mysql: MysqlModule, config: object): Record<string, unknown> => {
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  const connection = mysql.createConnection({ ...config, connectTimeout: 0, stream })
  connection.on('error', () => {})
  connection.destroy()
  return connection.config
}

const statementSeconds = 5

/** How much may be answered to one statement. */
export interface Room {
  readonly bytes: number
  /** Short ones take more to keep than to send. */
  readonly values: number
}

const unbounded: Room = { bytes: Number.POSITIVE_INFINITY, values: Number.POSITIVE_INFINITY }

/** Longer than the server itself lets a statement run. */
const usualSilenceMs = 30_000

interface AskParts {
  readonly connection: MysqlConnection
  readonly silenceMs: number
  readonly room: Room
  destroy(): void
}

/** A value as it comes from the server. */
interface TextField {
  readonly type: string
  /** Where nothing is said: as the column says, which of MySQL's JSON is no text. */
  readonly string: (encoding?: string) => string | null
}

/** The driver calls nobody back whose connection was destroyed. */
const createAsk = ({ connection, silenceMs, room, destroy }: AskParts) => {
  const waiting = new Set<Done>()
  let [bytes, values] = [0, 0]
  const asText = ({ type, string }: TextField): string | null => {
    values += 1
    return string(type === 'JSON' ? 'utf8' : undefined)
  }
  const giveUp = (why = 'the connection is gone'): void => {
    for (const done of [...waiting]) done(new Error(why))
  }
  // Beside the driver, which keeps whatever comes.
  connection.stream.on('data', ({ length }) => {
    bytes += length
    if (bytes <= room.bytes && values <= room.values) return
    giveUp(`it is answered more than ${room.bytes} bytes or ${room.values} values`)
    destroy()
  })
  const ask = (sql: string): Promise<readonly SqlRow[]> =>
    new Promise((resolve, reject) => {
      const done: Done = (error, rows) => {
        clearTimeout(timer)
        waiting.delete(done)
        if (error === null) resolve(Array.isArray(rows) ? rows : [])
        else reject(error)
      }
      const timer = setTimeout(destroy, silenceMs)
      if (waiting.size === 0) [bytes, values] = [0, 0]
      waiting.add(done)
      connection.query({ sql, rowsAsArray: true, typeCast: asText }, done)
    })
  return { ask, giveUp }
}

/** Rejects where the server cannot be reached. */
export const openConnection = (
  mysql: MysqlModule,
  { host, port, user, password, database }: MysqlAddress,
): Promise<MysqlConnection> =>
  new Promise((resolve, reject) => {
    const connection = mysql.createConnection({
      ...{ host, port, user, password, database },
      supportBigNumbers: true,
      bigNumberStrings: true,
      dateStrings: true,
      multipleStatements: false,
      infileStreamFactory: () => {
        throw new Error('no file is sent to the server')
      },
      connectTimeout: 5_000,
    })
    connection.once('connect', () => resolve(connection))
    connection.on('error', (error) => reject(error))
  })

/** Rejects where the server cannot be reached, or answers nothing. */
export const openLink = async (
  mysql: MysqlModule,
  address: MysqlAddress,
  silenceMs: number = usualSilenceMs,
  room: Room = unbounded,
): Promise<MysqlLink> => {
  const connection = await openConnection(mysql, address)
  let isAlive = true
  const lose = (): void => {
    isAlive = false
  }
  connection.on('error', lose)
  connection.on('end', lose)
  const destroy = (): void => {
    lose()
    connection.destroy()
    // The driver would go on to read what is still sent.
    connection.stream.destroy()
    giveUp()
  }
  const { ask, giveUp } = createAsk({ connection, silenceMs, room, destroy })
  try {
    const [row = []] = await ask(
      'SELECT VERSION(), @@SESSION.sql_mode, CONNECTION_ID(), CONCAT(@@hostname, CHAR(58), @@port, CHAR(58), @@server_id)',
    )
    const [version = '', modes = '', id = '0', server] = row
    const isMariadb = /mariadb/i.test(version ?? '')
    await ask(
      isMariadb
        ? `SET SESSION max_statement_time = ${statementSeconds}`
        : `SET SESSION max_execution_time = ${statementSeconds * 1_000}`,
    )
    const reading = {
      ansiQuotes: /\bANSI_QUOTES\b/.test(modes ?? ''),
      backslashEscapes: !/\bNO_BACKSLASH_ESCAPES\b/.test(modes ?? ''),
    }
    return {
      ...{ connection, reading, isMariadb, id: Number(id), server: server ?? '' },
      ...{ ask, isAlive: () => isAlive, destroy },
    }
  } catch (error) {
    destroy()
    throw error
  }
}
