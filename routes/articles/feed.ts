import { literal, Op } from 'sequelize'
import type { Handler, Parts } from '../parts.ts'
import { showPage } from './page.ts'

/** `GET /api/articles/feed?limit&offset`: by those whom the caller follows. */
export const feedArticles =
  ({ database, models, callers }: Parts): Handler =>
  async (ctx) => {
    const { querystring: query } = ctx
    const caller = await callers.required(ctx)
    const follower = database.escape(caller.id)
    const followed = `(SELECT w.followed_id FROM follows w WHERE w.follower_id = ${follower})`
    const where = { authorId: { [Op.in]: literal(followed) } }
    ctx.body = await showPage(models, where, { query, caller })
  }
