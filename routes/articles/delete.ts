import type { Handler, Parts } from '../parts.ts'
import { transact } from '../transact.ts'
import { findOwnArticle } from './find.ts'

/** `DELETE /api/articles/:slug`: with its comments, favorites and links to tags. */
export const deleteArticle =
  ({ database, models, callers }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.required(ctx)
    await transact(database, async (transaction) => {
      const article = await findOwnArticle(models, slug, { caller, transaction })
      const its = { where: { articleId: article.id }, transaction }
      await models.Comment.destroy(its)
      await models.Favorite.destroy(its)
      await models.ArticleTag.destroy(its)
      await article.destroy({ transaction })
    })
    ctx.status = 204
  }
