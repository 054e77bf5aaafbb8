import { forbidden, notFound } from '../api-error.ts'
import { findArticle } from '../articles/find.ts'
import type { Handler, Parts } from '../parts.ts'
import { transact } from '../transact.ts'

/** `DELETE /api/articles/:slug/comments/:id` */
export const deleteComment =
  ({ database, models, callers }: Parts): Handler =>
  async (ctx) => {
    const { slug = '', id = '' } = ctx.params
    const caller = await callers.required(ctx)
    await transact(database, async (transaction) => {
      const { id: articleId } = await findArticle(models, slug, transaction)
      const comment = /^\d+$/.test(id)
        ? await models.Comment.findOne({ where: { id, articleId }, transaction })
        : null
      if (comment === null) throw notFound('comment')
      if (comment.authorId !== caller.id) throw forbidden('comment')
      await comment.destroy({ transaction })
    })
    ctx.status = 204
  }
