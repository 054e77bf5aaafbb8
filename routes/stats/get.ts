import { DataTypes } from 'sequelize'
import { queryText } from '../legacy-text.ts'
import type { Handler, Parts } from '../parts.ts'
import { countTags } from '../tags/count.ts'
import { presentStats } from './presenter.ts'

/** `GET /api/stats?tagsOf` */
export const getStats =
  ({ database, models: { Article, Comment, Favorite } }: Parts): Handler =>
  async (ctx) => {
    const author = queryText(ctx.querystring, 'tagsOf')
    const [articles, comments, favorites, views, tags] = await Promise.all([
      Article.count(),
      Comment.count(),
      Favorite.count(),
      // Read as text: Sequelize would make a double of a BIGINT's sum.
      Article.sum('viewCount', { dataType: DataTypes.STRING }),
      author === null ? null : countTags(database, author),
    ])
    ctx.body = presentStats({ articles, comments, favorites, views: String(views ?? 0), tags })
  }
