/**
 * The schema as the legacy made it: no foreign keys, tags that may repeat, slugs that are only
 * indexed. Where its tables are there already they are adopted, not touched.
 */
import { QueryTypes, type Sequelize } from 'sequelize'
import type { Migration } from './migration.ts'

interface Words {
  readonly id: string
  readonly time: string
  readonly text: string
  readonly suffix: string
}

/** Where the two databases need different words. Times are `YYYY-MM-DD HH:MM:SS` UTC on both. */
const words: Readonly<Record<string, Words>> = {
  sqlite: { id: 'INTEGER PRIMARY KEY AUTOINCREMENT', time: 'TEXT', text: 'TEXT', suffix: '' },
  mysql: {
    id: 'INT NOT NULL AUTO_INCREMENT PRIMARY KEY',
    time: 'DATETIME',
    text: 'MEDIUMTEXT',
    suffix: ' ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin',
  },
}

/** Table → its columns and keys, in the order of creation. */
const tables = ({ id, time, text }: Words): Readonly<Record<string, readonly string[]>> => ({
  users: [
    `id ${id}`,
    'email VARCHAR(255) NOT NULL UNIQUE',
    'username VARCHAR(255) NOT NULL UNIQUE',
    'password VARCHAR(255) NOT NULL',
    'bio TEXT NULL',
    'image VARCHAR(1000) NULL',
    `created_at ${time} NOT NULL`,
    `updated_at ${time} NOT NULL`,
  ],
  articles: [
    `id ${id}`,
    'slug VARCHAR(255) NOT NULL',
    'author_id INT NOT NULL',
    'title VARCHAR(255) NOT NULL',
    'description TEXT NOT NULL',
    `body ${text} NOT NULL`,
    'view_count BIGINT NOT NULL DEFAULT 0',
    `created_at ${time} NOT NULL`,
    `updated_at ${time} NOT NULL`,
  ],
  tags: [`id ${id}`, 'name VARCHAR(255) NOT NULL'],
  article_tags: [
    'article_id INT NOT NULL',
    'tag_id INT NOT NULL',
    'position INT NOT NULL',
    'PRIMARY KEY (article_id, tag_id)',
  ],
  comments: [
    `id ${id}`,
    'article_id INT NOT NULL',
    'author_id INT NOT NULL',
    'body TEXT NOT NULL',
    `created_at ${time} NOT NULL`,
    `updated_at ${time} NOT NULL`,
  ],
  favorites: [
    'user_id INT NOT NULL',
    'article_id INT NOT NULL',
    `created_at ${time} NOT NULL`,
    'PRIMARY KEY (user_id, article_id)',
  ],
  follows: [
    'follower_id INT NOT NULL',
    'followed_id INT NOT NULL',
    `created_at ${time} NOT NULL`,
    'PRIMARY KEY (follower_id, followed_id)',
  ],
})

const indexes = [
  'CREATE INDEX articles_slug ON articles (slug)',
  'CREATE INDEX articles_author ON articles (author_id)',
  'CREATE INDEX articles_newest ON articles (created_at, id)',
  'CREATE INDEX tags_name ON tags (name)',
  'CREATE INDEX article_tags_tag ON article_tags (tag_id)',
  'CREATE INDEX comments_article ON comments (article_id)',
  'CREATE INDEX favorites_article ON favorites (article_id)',
  'CREATE INDEX follows_followed ON follows (followed_id)',
] as const

const wordsOf = (database: Sequelize): Words => {
  const found = words[database.getDialect()]
  if (found === undefined) throw new TypeError(`no schema for ${database.getDialect()}`)
  return found
}

const columnNames = (columns: readonly string[]): readonly string[] =>
  columns.map((column) => column.split(' ')[0] ?? '').filter((name) => name !== 'PRIMARY')

/** Throws when what is there is only half of the schema: guessing the rest could lose data. */
const adopt = async (database: Sequelize, present: ReadonlySet<string>): Promise<void> => {
  const missing: string[] = []
  for (const [table, columns] of Object.entries(tables(wordsOf(database)))) {
    if (!present.has(table)) missing.push(table)
    else {
      const found = await database.getQueryInterface().describeTable(table)
      const absent = columnNames(columns).filter((column) => !(column in found))
      missing.push(...absent.map((column) => `${table}.${column}`))
    }
  }
  if (missing.length > 0) {
    throw new Error(
      `the database holds a part of the legacy schema, but not ${missing.join(', ')}: ` +
        'add what is missing, or point DATABASE_URL at another database',
    )
  }
}

const create = async (database: Sequelize): Promise<void> => {
  const dialect = wordsOf(database)
  for (const [table, columns] of Object.entries(tables(dialect))) {
    await database.query(`CREATE TABLE ${table} (${columns.join(', ')})${dialect.suffix}`)
  }
  for (const index of indexes) await database.query(index)
}

const presentTables = async (database: Sequelize): Promise<ReadonlySet<string>> => {
  const all = new Set<string>(await database.getQueryInterface().showAllTables())
  return new Set(Object.keys(tables(wordsOf(database))).filter((table) => all.has(table)))
}

const rowCount = async (database: Sequelize, table: string): Promise<number> => {
  const [row] = await database.query<{ rows: number | string }>(
    `SELECT COUNT(*) AS \`rows\` FROM ${table}`,
    { type: QueryTypes.SELECT },
  )
  return Number(row?.rows)
}

export const legacySchema: Migration = {
  name: '20260101t0000-legacy-schema',

  async up({ database }) {
    const present = await presentTables(database)
    if (present.size === 0) await create(database)
    else await adopt(database, present)
  },

  async down({ database, dropData }) {
    const present = [...(await presentTables(database))].reverse()
    for (const table of dropData ? [] : present) {
      const rows = await rowCount(database, table)
      if (rows > 0) {
        throw new Error(
          `this would drop the table ${table} with ${rows} rows: ` +
            'say --drop-data if that is what you want',
        )
      }
    }
    for (const table of present) await database.query(`DROP TABLE ${table}`)
  },
}
