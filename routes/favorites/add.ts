import { findArticle } from '../articles/find.ts'
import { showArticle } from '../articles/show.ts'
import type { Handler, Parts } from '../parts.ts'
import { transact } from '../transact.ts'

/** `POST /api/articles/:slug/favorite`. To favor twice is to favor. */
export const addFavorite =
  ({ database, models, callers, now }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.required(ctx)
    const article = await transact(database, async (transaction) => {
      const found = await findArticle(models, slug, transaction)
      const row = { userId: caller.id, articleId: found.id, createdAt: now() }
      await models.Favorite.bulkCreate([row], { ignoreDuplicates: true, transaction })
      return found
    })
    ctx.body = await showArticle(models, article, caller)
  }
