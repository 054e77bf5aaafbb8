/** Fills a migrated database with the worked example's people and articles, alike on each. */
import { QueryTypes, type Sequelize } from 'sequelize'
import { createMigrator } from '../../migrations/migrator.ts'
import { openDatabase } from '../../migrations/open-database.ts'
import { makeSeedTables, type SeedRow, type SeedSize } from './seed-data.ts'

const usual: SeedSize = { users: 300, articles: 2500 }
const chunkRows = 500

const insert = async (
  database: Sequelize,
  table: string,
  rows: readonly SeedRow[],
): Promise<void> => {
  const queries = database.getQueryInterface()
  for (let start = 0; start < rows.length; start += chunkRows) {
    await queries.bulkInsert(table, rows.slice(start, start + chunkRows))
  }
}

/**
 * Adds the seed's rows, with their ids, to tables that are empty. Everybody's password is
 * `jakejake`; the demo user is `jake@example.com`.
 *
 * @param size defaults to 300 users and 2500 articles
 */
export const seed = async (database: Sequelize, size: Partial<SeedSize> = {}): Promise<void> => {
  const tables = makeSeedTables({ ...usual, ...size })
  for (const [table, rows] of Object.entries(tables)) await insert(database, table, rows)
}

const isEmpty = async (database: Sequelize): Promise<boolean> => {
  const rows = await database.query('SELECT id FROM users LIMIT 1', { type: QueryTypes.SELECT })
  return rows.length === 0
}

/** Migrates the database of this URL, and seeds it unless it has users already. */
export const prepareDatabase = async (url: string, size: Partial<SeedSize> = {}): Promise<void> => {
  const database = openDatabase(url, { create: true })
  try {
    await createMigrator(database).up()
    if (await isEmpty(database)) await seed(database, size)
  } finally {
    await database.close()
  }
}
