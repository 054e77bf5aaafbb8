import { readInput } from '../input.ts'
import type { Handler, Parts } from '../parts.ts'
import { transact } from '../transact.ts'
import { newUser } from './input.ts'
import { presentUser } from './presenter.ts'
import { refuseTaken } from './taken.ts'

/** `POST /api/users` */
export const createUser =
  ({ database, models, passwords, tokens, now }: Parts): Handler =>
  async (ctx) => {
    const { username, email, password } = await readInput(ctx, 'user', newUser)
    const hash = await passwords.hash(password)
    const user = await transact(database, async (transaction) => {
      await refuseTaken(models, { username, email }, { transaction })
      const times = { createdAt: now(), updatedAt: now() }
      const row = { username, email, password: hash, bio: null, image: null, ...times }
      return models.User.create(row, { transaction })
    })
    ctx.status = 201
    ctx.body = { user: presentUser(user, await tokens.issue(user)) }
  }
