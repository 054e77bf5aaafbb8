import { findArticle } from '../articles/find.ts'
import { showArticle } from '../articles/show.ts'
import type { Handler, Parts } from '../parts.ts'

/** `DELETE /api/articles/:slug/favorite`. What is no favorite may be removed, too. */
export const removeFavorite =
  ({ models, callers }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.required(ctx)
    const article = await findArticle(models, slug)
    await models.Favorite.destroy({ where: { userId: caller.id, articleId: article.id } })
    ctx.body = await showArticle(models, article, caller)
  }
