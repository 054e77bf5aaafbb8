/** Expand: a column that legacy does not know, so it may be empty; handlers fill it from here on. */
import type { Migration } from './migration.ts'

const types: Readonly<Record<string, string>> = { sqlite: 'TEXT', mysql: 'DATETIME' }

export const addPublishedAt: Migration = {
  name: '20260301t0000-add-published-at',

  async up({ database }) {
    const type = types[database.getDialect()]
    await database.query(`ALTER TABLE articles ADD COLUMN published_at ${type} NULL`)
  },

  async down({ database }) {
    await database.query('ALTER TABLE articles DROP COLUMN published_at')
  },
}
