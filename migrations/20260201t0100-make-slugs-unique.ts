/**
 * Expand: what both sides look up before they write, the database keeps. Older code that writes a
 * slug without looking fails from here on.
 */
import { QueryTypes, type Sequelize } from 'sequelize'
import type { Migration } from './migration.ts'

const index = 'articles_slug_unique'
/** As many as fit on a screen. */
const mostNamed = 20

/** `hello-world (articles 1, 7)`, one for each slug that several articles have. */
const repetitions = async (database: Sequelize): Promise<readonly string[]> => {
  const rows = await database.query<{ slug: string; ids: string }>(
    `SELECT slug, GROUP_CONCAT(id) AS ids FROM articles
      GROUP BY slug HAVING COUNT(*) > 1 ORDER BY MIN(id)`,
    { type: QueryTypes.SELECT },
  )
  return rows.map(({ slug, ids }) => `${slug} (articles ${ids.split(',').join(', ')})`)
}

/** Throws an Error that names them. */
const refuseRepetitions = async (database: Sequelize): Promise<void> => {
  const found = await repetitions(database)
  if (found.length === 0) return
  const more = found.length > mostNamed ? ` and ${found.length - mostNamed} more` : ''
  throw new Error(
    `several articles have one slug: ${found.slice(0, mostNamed).join('; ')}${more}. ` +
      'Give all but one of each another slug: by hand, or by ' +
      '`down --to 20260201t0000-number-repeated-slugs` and `up` again',
  )
}

export const makeSlugsUnique: Migration = {
  name: '20260201t0100-make-slugs-unique',

  async up({ database }) {
    await refuseRepetitions(database)
    await database
      .getQueryInterface()
      .addIndex('articles', { fields: ['slug'], unique: true, name: index })
  },

  async down({ database }) {
    await database.getQueryInterface().removeIndex('articles', index)
  },
}
