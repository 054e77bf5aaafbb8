import { notFound } from '../api-error.ts'
import type { Handler, Parts } from '../parts.ts'
import { readFollowed } from './followed.ts'
import { presentProfile } from './presenter.ts'

/** `GET /api/profiles/:username` */
export const getProfile =
  ({ models, callers }: Parts): Handler =>
  async (ctx) => {
    const { username = '' } = ctx.params
    const user = await models.User.findOne({ where: { username } })
    if (user === null) throw notFound('profile')
    const caller = await callers.optional(ctx)
    const followed = await readFollowed(models, caller, [user.id])
    ctx.body = { profile: presentProfile(user, followed.has(user.id)) }
  }
