import { createHash } from 'node:crypto'
import { QueryTypes, type Sequelize } from 'sequelize'

/** Table → what orders its rows the same on every database. */
const order: Readonly<Record<string, string>> = {
  users: 'id',
  articles: 'id',
  tags: 'id',
  article_tags: 'article_id, tag_id',
  comments: 'id',
  favorites: 'user_id, article_id',
  follows: 'follower_id, followed_id',
}

/**
 * One hash of all the data that legacy and handlers share: equal data, equal hash, anywhere. Legacy
 * does not know `published_at`, and some steps of the schema do not either.
 */
export const checksum = async (database: Sequelize): Promise<string> => {
  const hash = createHash('sha256')
  for (const [table, keys] of Object.entries(order)) {
    const rows = await database.query<Record<string, unknown>>(
      `SELECT * FROM ${table} ORDER BY ${keys}`,
      { type: QueryTypes.SELECT },
    )
    hash.update(`${table}\n`)
    for (const { published_at: _, ...row } of rows) hash.update(`${JSON.stringify(row)}\n`)
  }
  return hash.digest('hex')
}
