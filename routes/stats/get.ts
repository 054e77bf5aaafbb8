import { DataTypes } from 'sequelize'
import type { Handler, Parts } from '../parts.ts'
import { presentStats } from './presenter.ts'

/** `GET /api/stats` */
export const getStats =
  ({ models: { Article, Comment, Favorite } }: Parts): Handler =>
  async (ctx) => {
    const [articles, comments, favorites, views] = await Promise.all([
      Article.count(),
      Comment.count(),
      Favorite.count(),
      // Read as text: Sequelize would make a double of a BIGINT's sum.
      Article.sum('viewCount', { dataType: DataTypes.STRING }),
    ])
    ctx.body = presentStats({ articles, comments, favorites, views: String(views ?? 0) })
  }
