import { ApiError } from '../api-error.ts'
import { readInput } from '../input.ts'
import type { Handler, Parts } from '../parts.ts'
import { credentials } from './input.ts'
import { presentUser } from './presenter.ts'

/** `POST /api/users/login` */
export const loginUser =
  ({ models, passwords, tokens }: Parts): Handler =>
  async (ctx) => {
    const { email, password } = await readInput(ctx, 'user', credentials)
    const user = await models.User.findOne({ where: { email } })
    if (user === null || !(await passwords.matches(password, user.password))) {
      throw new ApiError(401, { credentials: ['invalid'] })
    }
    ctx.body = { user: presentUser(user, await tokens.issue(user)) }
  }
