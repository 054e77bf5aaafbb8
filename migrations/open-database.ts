/** One way to open the database that legacy, handlers, migrations and tests share. */
import { type Options, Sequelize, Transaction } from 'sequelize'
import { type DatabaseAddress, parseDatabaseUrl } from './database-url.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'

export interface OpenDatabaseOptions {
  /** Make the SQLite file where there is none yet. Default false: a wrong path is an error. */
  readonly create?: boolean
  /** Stands in for the driver: `sqlite3` or `mysql2` in shape, as the URL asks. */
  readonly dialectModule?: object
  /** Connections to MySQL at most; default 10. SQLite has one, and one more per transaction. */
  readonly connections?: number
}

/**
 * What mysql2 is asked for. BIGINT, DECIMAL and times stay the text that the server sent: a number
 * would lose digits, a Date would pass through a time zone.
 */
const mysqlDriver = {
  supportBigNumbers: true,
  bigNumberStrings: true,
  decimalNumbers: false,
  dateStrings: true,
  typeCast: true,
  charset: 'utf8mb4_bin',
  connectTimeout: 5000,
} as const

type Of<Form extends DatabaseAddress['form']> = Extract<DatabaseAddress, { form: Form }>

const sqliteOptions = ({ file }: Of<'sqlite'>, options: OpenDatabaseOptions): Options => {
  const dialect = createSqliteDialect()
  const create = options.create === true || file === ':memory:'
  return {
    dialect: 'sqlite',
    storage: file,
    dialectModule: options.dialectModule ?? dialect,
    dialectOptions: { mode: dialect.OPEN_READWRITE | (create ? dialect.OPEN_CREATE : 0) },
    // Two transactions that read first and write later would wait for each other for ever.
    transactionType: Transaction.TYPES.IMMEDIATE,
  }
}

const mysqlOptions = (address: Of<'mysql'>, options: OpenDatabaseOptions): Options => ({
  dialect: 'mysql',
  host: address.host,
  port: address.port,
  username: address.user,
  password: address.password,
  database: address.database,
  timezone: '+00:00',
  ...(options.dialectModule === undefined ? {} : { dialectModule: options.dialectModule }),
  dialectOptions: mysqlDriver,
  pool: { max: options.connections ?? 10, min: 0, acquire: 10_000, idle: 10_000 },
})

/**
 * Opens lazily: a server that is down shows at the first query, and heals with it. BIGINT and
 * DECIMAL columns read as strings, times as `YYYY-MM-DD HH:MM:SS` in UTC. Close what you open.
 * Throws a TypeError for a bad URL.
 */
export const openDatabase = (url: string, options: OpenDatabaseOptions = {}): Sequelize => {
  const address = parseDatabaseUrl(url)
  const chosen =
    address.form === 'sqlite' ? sqliteOptions(address, options) : mysqlOptions(address, options)
  return new Sequelize({ ...chosen, logging: false })
}
