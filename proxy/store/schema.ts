/** The store's own tables, and how a database comes to have them. Nothing else is touched. */
import { DataTypes, QueryTypes, type Sequelize, type Transaction } from './sequelize.ts'

/** One change; run again after a crash, it must find what it did already. */
type Change = (database: Sequelize, transaction: Transaction) => Promise<void>

const isMysql = (database: Sequelize): boolean => database.getDialect() === 'mysql'

const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false })
const key = (length: number) => ({ ...text(length), primaryKey: true })
const whole = { type: DataTypes.BIGINT, allowNull: false }
const flag = { type: DataTypes.BOOLEAN, allowNull: false }
/** SQLite has but one size of text, and Sequelize says so on the console. */
const long = (database: Sequelize) => ({
  type: isMysql(database) ? DataTypes.TEXT('long') : DataTypes.TEXT,
  allowNull: false,
})

const createEvidence: Change = (database, transaction) =>
  database.getQueryInterface().createTable(
    'banyan_evidence',
    {
      id: key(64),
      route: text(255),
      epoch: text(255),
      instance: text(255),
      last: whole,
      touched: whole,
      merged: flag,
      body: long(database),
    },
    { transaction, charset: 'utf8mb4', collate: 'utf8mb4_bin' },
  )

const createExemplars: Change = (database, transaction) =>
  database.getQueryInterface().createTable(
    'banyan_exemplars',
    {
      id: key(255),
      kin: text(64),
      route: text(255),
      outcome: text(32),
      confirmed: flag,
      at: whole,
      bytes: whole,
      patterns: long(database),
      body: long(database),
    },
    { transaction, charset: 'utf8mb4', collate: 'utf8mb4_bin' },
  )

const indexKin: Change = async (database, transaction) => {
  const queries = database.getQueryInterface()
  const name = 'banyan_exemplars_kin'
  const present = await queries.showIndex('banyan_exemplars', { transaction })
  if ((present as { name: string }[]).some((index) => index.name === name)) return
  await queries.addIndex('banyan_exemplars', ['kin', 'confirmed', 'at'], { name, transaction })
}

/** Never changed once released; the last one's place, counted from 1, is the version. */
const changes: readonly Change[] = [createEvidence, createExemplars, indexKin]

export const schemaVersion: number = changes.length

const readVersion = async (database: Sequelize, transaction?: Transaction): Promise<number> => {
  const [row] = await database.query<{ version: number | null }>(
    'SELECT MAX(version) AS version FROM banyan_schema',
    { type: QueryTypes.SELECT, ...(transaction === undefined ? {} : { transaction }) },
  )
  return Number(row?.version ?? 0)
}

/** SQLite's transaction is the lock already: it begins IMMEDIATE. */
const withLock = async (
  database: Sequelize,
  work: (transaction: Transaction) => Promise<void>,
): Promise<void> => {
  const say = async (sql: string, transaction: Transaction): Promise<unknown> => {
    const [row] = await database.query<{ done: unknown }>(sql, {
      type: QueryTypes.SELECT,
      transaction,
    })
    return row?.done
  }
  await database.transaction(async (transaction) => {
    if (!isMysql(database)) return work(transaction)
    const held = await say(`SELECT GET_LOCK('banyan_schema', 20) AS done`, transaction)
    if (Number(held) !== 1) throw new Error('another process is changing the schema of the store')
    try {
      await work(transaction)
    } finally {
      await say(`SELECT RELEASE_LOCK('banyan_schema') AS done`, transaction)
    }
  })
}

const refuseNewer = (version: number): void => {
  if (version <= schemaVersion) return
  throw new Error(
    `the schema of the store is version ${version}, and this Banyan knows up to ${schemaVersion}: ` +
      'a newer Banyan wrote it. Run that one, or name another database in store.url',
  )
}

/** Brings the schema up to date, once for a whole fleet. @throws Error when it is newer than this */
export const migrateStore = async (database: Sequelize): Promise<void> => {
  await database.query('CREATE TABLE IF NOT EXISTS banyan_schema (version INTEGER PRIMARY KEY)')
  const version = await readVersion(database)
  refuseNewer(version)
  if (version === schemaVersion) return
  await withLock(database, async (transaction) => {
    const from = await readVersion(database, transaction)
    refuseNewer(from)
    for (const [at, change] of changes.entries()) {
      if (at < from) continue
      await change(database, transaction)
      await database.query('INSERT INTO banyan_schema (version) VALUES (:version)', {
        replacements: { version: at + 1 },
        transaction,
      })
    }
  })
}
