/**
 * Contract: no article without the column. Legacy writes none, so it must not create articles any
 * more; what it wrote since the column was filled is filled first.
 */
import { fillPublishedAt } from './20260301t0100-fill-published-at.ts'
import type { Migration } from './migration.ts'

type Change = Readonly<Record<'required' | 'optional', string>>

/** SQLite itself cannot change a column; libsql, the driver here, can, and leaves the rows alone. */
const changes: Readonly<Record<string, Change>> = {
  sqlite: {
    required: 'ALTER COLUMN published_at TO published_at TEXT NOT NULL',
    optional: 'ALTER COLUMN published_at TO published_at TEXT NULL',
  },
  mysql: {
    required: 'MODIFY published_at DATETIME NOT NULL',
    optional: 'MODIFY published_at DATETIME NULL',
  },
}

export const requirePublishedAt: Migration = {
  name: '20260401t0000-require-published-at',
  contract: 'the route articles.create is retired: legacy inserts without published_at',

  async up({ database }) {
    await fillPublishedAt(database)
    await database.query(`ALTER TABLE articles ${changes[database.getDialect()]?.required}`)
  },

  async down({ database }) {
    await database.query(`ALTER TABLE articles ${changes[database.getDialect()]?.optional}`)
  },
}
