/**
 * Ahead of the unique index: of articles with one slug, the oldest keeps it, as it alone is found by
 * it; the younger ones, which no address led to, get the first number that is free.
 */
import { QueryTypes, type Sequelize } from 'sequelize'
import type { Migration } from './migration.ts'

const mostCharacters = 255

/** Those that have an older one of the same slug before them, oldest first. */
const repeated = (
  database: Sequelize,
): Promise<readonly { readonly id: number; readonly slug: string }[]> =>
  database.query<{ id: number; slug: string }>(
    `SELECT a.id, a.slug FROM articles a
      JOIN (SELECT slug, MIN(id) AS oldest FROM articles GROUP BY slug HAVING COUNT(*) > 1) kept
        ON kept.slug = a.slug AND a.id <> kept.oldest
      ORDER BY a.id`,
    { type: QueryTypes.SELECT },
  )

const isTaken = async (database: Sequelize, slug: string): Promise<boolean> => {
  const found = await database.query('SELECT 1 AS found FROM articles WHERE slug = :slug LIMIT 1', {
    type: QueryTypes.SELECT,
    replacements: { slug },
  })
  return found.length > 0
}

/** As both sides number slugs, from 2 on; cut where the number would not fit. */
const freeSlug = async (database: Sequelize, slug: string): Promise<string> => {
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`
    const wanted = `${[...slug].slice(0, mostCharacters - ending.length).join('')}${ending}`
    if (!(await isTaken(database, wanted))) return wanted
  }
}

export const numberRepeatedSlugs: Migration = {
  name: '20260201t0000-number-repeated-slugs',

  async up({ database }) {
    for (const { id, slug } of await repeated(database)) {
      const free = await freeSlug(database, slug)
      await database.query('UPDATE articles SET slug = :free WHERE id = :id', {
        replacements: { free, id },
      })
    }
  },

  /** A slug of one's own is as good without the index. */
  async down() {},
}
