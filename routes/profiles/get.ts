import { notFound } from '../api-error.ts'
import type { Handler, Parts } from '../parts.ts'
import { presentProfile } from './presenter.ts'

/** `GET /api/profiles/:username` */
export const getProfile =
  ({ models, callers }: Parts): Handler =>
  async (ctx) => {
    const { username = '' } = ctx.params
    const user = await models.User.findOne({ where: { username } })
    if (user === null) throw notFound('profile')
    const caller = await callers.optional(ctx)
    const following =
      caller !== null &&
      (await models.Follow.count({ where: { followerId: caller.id, followedId: user.id } })) > 0
    ctx.body = { profile: presentProfile(user, following) }
  }
