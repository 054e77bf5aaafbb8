import { invalid, notFound } from '../api-error.ts'
import { messages } from '../input.ts'
import type { Handler, Parts } from '../parts.ts'
import { presentProfile } from './presenter.ts'

/** `POST /api/profiles/:username/follow`. To follow twice is to follow; nobody follows himself. */
export const followProfile =
  ({ models, callers, now }: Parts): Handler =>
  async (ctx) => {
    const { username = '' } = ctx.params
    const caller = await callers.required(ctx)
    const user = await models.User.findOne({ where: { username } })
    if (user === null) throw notFound('profile')
    if (user.id === caller.id) throw invalid({ username: [messages.wrong] })
    const row = { followerId: caller.id, followedId: user.id, createdAt: now() }
    await models.Follow.bulkCreate([row], { ignoreDuplicates: true })
    ctx.body = { profile: presentProfile(user, true) }
  }
