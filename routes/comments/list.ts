import { findArticle } from '../articles/find.ts'
import type { Handler, Parts } from '../parts.ts'
import { readFollowed } from '../profiles/followed.ts'
import { presentComment } from './presenter.ts'

/** `GET /api/articles/:slug/comments`: the oldest first. */
export const listComments =
  ({ models, callers }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.optional(ctx)
    const { id: articleId } = await findArticle(models, slug)
    const comments = await models.Comment.findAll({
      where: { articleId },
      include: { association: 'author', required: true },
      order: ['id'],
    })
    const authorIds = comments.map(({ authorId }) => authorId)
    const followed = await readFollowed(models, caller, authorIds)
    ctx.body = { comments: comments.map((each) => presentComment(each, followed)) }
  }
