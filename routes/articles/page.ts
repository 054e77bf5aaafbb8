import type { WhereOptions } from 'sequelize'
import { queryNumber } from '../legacy-text.ts'
import type { Models } from '../models.ts'
import type { User } from '../users/model.ts'
import type { Article } from './model.ts'
import { type ArticleSummaryJson, presentSummary } from './presenter.ts'
import { readSurroundings } from './surroundings.ts'

const limits = { otherwise: 20, most: 100 } as const
const offsets = { otherwise: 0, most: 1_000_000 } as const

export interface ArticlePageJson {
  readonly articles: readonly ArticleSummaryJson[]
  /** Of all that match, not only of this page. */
  readonly articlesCount: number
}

const withAuthor = { include: { association: 'author', required: true } } as const

/** How many articles a condition leaves. */
export const countArticles = ({ Article }: Models, where: WhereOptions<Article>): Promise<number> =>
  Article.count({ where, ...withAuthor })

/** The articles that a condition leaves, newest first, with their authors and without bodies. */
export const findArticles = (
  { Article }: Models,
  where: WhereOptions<Article>,
  part: { limit: number; offset: number },
): Promise<Article[]> =>
  Article.findAll({
    where,
    ...withAuthor,
    attributes: { exclude: ['body'] },
    order: [
      ['createdAt', 'DESC'],
      ['id', 'DESC'],
    ],
    ...part,
  })

/**
 * A part of the articles that a condition leaves, as the caller sees them.
 *
 * @param query says `limit` and `offset`
 */
export const showPage = async (
  models: Models,
  where: WhereOptions<Article>,
  { query, caller }: { query: string; caller: User | null },
): Promise<ArticlePageJson> => {
  const [articles, articlesCount] = await Promise.all([
    findArticles(models, where, {
      limit: queryNumber(query, 'limit', limits),
      offset: queryNumber(query, 'offset', offsets),
    }),
    countArticles(models, where),
  ])
  const around = await readSurroundings(models, articles, caller)
  return { articles: articles.map((each) => presentSummary(each, around)), articlesCount }
}
