/** Migrate: what was written before the column, or by legacy beside it, was published when created. */
import { QueryTypes, type Sequelize } from 'sequelize'
import type { Migration } from './migration.ts'

/** Few enough that nobody waits long for their locks. On MariaDB each batch commits by itself. */
const rowsPerBatch = 500

/** The last id of the next batch; null when none is left. */
const endOfBatch = async (database: Sequelize, after: number): Promise<number | null> => {
  const [row] = await database.query<{ last: number | null }>(
    `SELECT MAX(id) AS last FROM (
      SELECT id FROM articles WHERE id > :after AND published_at IS NULL
        ORDER BY id LIMIT ${rowsPerBatch}) AS batch`,
    { type: QueryTypes.SELECT, replacements: { after } },
  )
  return row?.last ?? null
}

/** May be stopped and begun again at any time. */
export const fillPublishedAt = async (database: Sequelize): Promise<void> => {
  let after = 0
  for (
    let last = await endOfBatch(database, after);
    last !== null;
    last = await endOfBatch(database, after)
  ) {
    await database.query(
      `UPDATE articles SET published_at = created_at
        WHERE id > :after AND id <= :last AND published_at IS NULL`,
      { replacements: { after, last } },
    )
    after = last
  }
}

export const fillPublishedAtOnce: Migration = {
  name: '20260301t0100-fill-published-at',
  up: ({ database }) => fillPublishedAt(database),
  /** The values go with the column. */
  async down() {},
}
