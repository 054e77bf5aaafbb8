/** Reads what a page of articles needs from other tables: four queries, however long the page. */
import { col, fn, Op } from 'sequelize'
import type { Models } from '../models.ts'
import { readFollowed } from '../profiles/followed.ts'
import type { User } from '../users/model.ts'
import type { Article } from './model.ts'
import type { Surroundings } from './presenter.ts'

type Ids = readonly number[]

const anyOf = (ids: Ids): { [Op.in]: number[] } => ({ [Op.in]: [...ids] })

const readTags = async ({ ArticleTag }: Models, ids: Ids): Promise<Surroundings['tags']> => {
  const rows = await ArticleTag.findAll({
    where: { articleId: anyOf(ids) },
    include: { association: 'tag', attributes: ['name'], required: true },
    order: ['articleId', 'position'],
  })
  const tags = new Map<number, string[]>(ids.map((id) => [id, []]))
  for (const { articleId, tag } of rows) {
    if (tag !== undefined) tags.get(articleId)?.push(tag.name)
  }
  return tags
}

const readFavorites = async (
  { Favorite }: Models,
  ids: Ids,
): Promise<Surroundings['favorites']> => {
  const rows = await Favorite.findAll({
    attributes: ['articleId', [fn('COUNT', col('user_id')), 'total']],
    where: { articleId: anyOf(ids) },
    group: ['articleId'],
    raw: true,
  })
  return new Map(rows.map((row) => [row.articleId, 'total' in row ? Number(row.total) : 0]))
}

const readFavorited = async (
  { Favorite }: Models,
  caller: User | null,
  ids: Ids,
): Promise<Surroundings['favorited']> => {
  if (caller === null) return new Set()
  const rows = await Favorite.findAll({
    attributes: ['articleId'],
    where: { userId: caller.id, articleId: anyOf(ids) },
    raw: true,
  })
  return new Set(rows.map(({ articleId }) => articleId))
}

/** @param caller null: nobody is signed in, so nothing is favorited or followed */
export const readSurroundings = async (
  models: Models,
  articles: readonly Article[],
  caller: User | null,
): Promise<Surroundings> => {
  const ids = articles.map(({ id }) => id)
  const authorIds = articles.map(({ authorId }) => authorId)
  const [tags, favorites, favorited, followed] = await Promise.all([
    readTags(models, ids),
    readFavorites(models, ids),
    readFavorited(models, caller, ids),
    readFollowed(models, caller, authorIds),
  ])
  return { tags, favorites, favorited, followed }
}
