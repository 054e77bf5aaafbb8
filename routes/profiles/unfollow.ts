import { notFound } from '../api-error.ts'
import type { Handler, Parts } from '../parts.ts'
import { presentProfile } from './presenter.ts'

/** `DELETE /api/profiles/:username/follow`. Who does not follow may stop, too. */
export const unfollowProfile =
  ({ models, callers }: Parts): Handler =>
  async (ctx) => {
    const { username = '' } = ctx.params
    const caller = await callers.required(ctx)
    const user = await models.User.findOne({ where: { username } })
    if (user === null) throw notFound('profile')
    await models.Follow.destroy({ where: { followerId: caller.id, followedId: user.id } })
    ctx.body = { profile: presentProfile(user, false) }
  }
