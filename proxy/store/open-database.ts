/** Opens the store's database. The only file of the engine that knows Sequelize's ways to do it. */
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { Sequelize, Transaction } from './sequelize.ts'
import { createSqliteModule } from './sqlite-module.ts'
import { parseStoreUrl, type StoreAddress, storeUrlForms } from './store-url.ts'

export interface OpenDatabaseOptions {
  /** Pages that an SQLite file may have, 4 KiB each; absent: as many as the disk has room for. */
  readonly mostPages?: number
}

type Of<Form extends StoreAddress['form']> = Extract<StoreAddress, { form: Form }>

const busyTimeoutMs = 2_000

const openSqlite = ({ file }: Of<'sqlite'>, { mostPages }: OpenDatabaseOptions): Sequelize => {
  mkdirSync(dirname(file), { recursive: true })
  // SQLite gives its other files the rights of this one.
  closeSync(openSync(file, 'a', 0o600))
  return new Sequelize({
    dialect: 'sqlite',
    storage: file,
    dialectModule: createSqliteModule({
      busyTimeoutMs,
      ...(mostPages === undefined ? {} : { mostPages }),
    }),
    transactionType: Transaction.TYPES.IMMEDIATE,
    logging: false,
  })
}

const openMysql = ({ host, port, user, password, database }: Of<'mysql'>): Sequelize =>
  new Sequelize({
    dialect: 'mysql',
    host,
    port,
    username: user,
    password,
    database,
    dialectOptions: { connectTimeout: 5_000, charset: 'utf8mb4_bin' },
    define: { charset: 'utf8mb4', collate: 'utf8mb4_bin' },
    pool: { max: 2, min: 0, acquire: 8_000, idle: 10_000 },
    logging: false,
  })

/**
 * Close what this opens. A server that is away shows at the first query.
 *
 * @throws Error when the file cannot be made, TypeError for a URL that is none of a store
 */
export const openDatabase = (url: string, options: OpenDatabaseOptions = {}): Sequelize => {
  const address = parseStoreUrl(url)
  if (address === null) throw new TypeError(`store.url is neither ${storeUrlForms}`)
  return address.form === 'sqlite' ? openSqlite(address, options) : openMysql(address)
}
