import { findArticle } from '../articles/find.ts'
import { readInput } from '../input.ts'
import type { Handler, Parts } from '../parts.ts'
import { readFollowed } from '../profiles/followed.ts'
import { transact } from '../transact.ts'
import { newComment } from './input.ts'
import { presentComment } from './presenter.ts'

/** `POST /api/articles/:slug/comments` */
export const createComment =
  ({ database, models, callers, now }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.required(ctx)
    // What is not there cannot be written to, whatever was sent.
    await findArticle(models, slug)
    const { body } = await readInput(ctx, 'comment', newComment)
    const comment = await transact(database, async (transaction) => {
      const { id: articleId } = await findArticle(models, slug, transaction)
      const row = { articleId, authorId: caller.id, body, createdAt: now(), updatedAt: now() }
      return models.Comment.create(row, { transaction })
    })
    comment.author = caller
    const followed = await readFollowed(models, caller, [caller.id])
    ctx.body = { comment: presentComment(comment, followed) }
  }
