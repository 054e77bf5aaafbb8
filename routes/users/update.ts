import { readInput } from '../input.ts'
import type { Handler, Parts } from '../parts.ts'
import { transact } from '../transact.ts'
import { userChanges } from './input.ts'
import { presentUser } from './presenter.ts'
import { refuseTaken } from './taken.ts'

/** `PUT /api/user`: what is not named stays. Answers with a new token, for it names the user. */
export const updateUser =
  ({ database, models, callers, passwords, tokens, now }: Parts): Handler =>
  async (ctx) => {
    const caller = await callers.required(ctx)
    const { password, ...changes } = await readInput(ctx, 'user', userChanges)
    const secret = password === undefined ? {} : { password: await passwords.hash(password) }
    await transact(database, async (transaction) => {
      await refuseTaken(models, changes, { besides: caller.id, transaction })
      await caller.update({ ...changes, ...secret, updatedAt: now() }, { transaction })
    })
    ctx.body = { user: presentUser(caller, await tokens.issue(caller)) }
  }
