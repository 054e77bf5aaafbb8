import { QueryTypes, type Sequelize } from 'sequelize'

type Guard = <T>(database: Sequelize, run: () => Promise<T>) => Promise<T>

/** SQLite's schema changes are transactional: one transaction is the lock, and the way back. */
const inTransaction: Guard = async (database, run) => {
  await database.query('BEGIN IMMEDIATE')
  try {
    const result = await run()
    await database.query('COMMIT')
    return result
  } catch (error) {
    await database.query('ROLLBACK')
    throw error
  }
}

/** MySQL commits at every schema change, so the lock is a named one, held by one connection. */
const underNamedLock: Guard = (database, run) =>
  database.transaction(async (transaction) => {
    const ask = { transaction, type: QueryTypes.SELECT } as const
    const [row] = await database.query<{ held: number | string | null }>(
      "SELECT GET_LOCK(CONCAT(DATABASE(), '.migrations'), 30) AS held",
      ask,
    )
    if (Number(row?.held) !== 1) {
      throw new Error('another process has been migrating this database for 30 s: try again later')
    }
    try {
      return await run()
    } finally {
      await database.query("SELECT RELEASE_LOCK(CONCAT(DATABASE(), '.migrations'))", ask)
    }
  })

/** Lets one process migrate at a time. On SQLite, a failure takes back everything done under it. */
export const withMigrationLock: Guard = (database, run) =>
  database.getDialect() === 'sqlite' ? inTransaction(database, run) : underNamedLock(database, run)
