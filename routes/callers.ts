/** Who calls: the user named by the token in `Authorization`. */
import type { Context } from 'koa'
import type { ModelStatic } from 'sequelize'
import { ApiError } from './api-error.ts'
import type { Tokens } from './tokens.ts'
import type { User } from './users/model.ts'

export interface Callers {
  /** The calling user; null without a token and for a bad one, which are the same here. */
  optional(ctx: Context): Promise<User | null>
  /** The calling user. Throws a 401 that says whether the token is missing or bad. */
  required(ctx: Context): Promise<User>
}

export interface CallersOptions {
  readonly users: ModelStatic<User>
  readonly tokens: Tokens
}

/** The token of `Token <jwt>` or `Bearer <jwt>`; null for anything else. */
export const tokenOf = (ctx: Context): string | null =>
  /^(?:Token|Bearer) +(\S+)$/i.exec(ctx.get('authorization'))?.[1] ?? null

export const createCallers = ({ users, tokens }: CallersOptions): Callers => {
  const optional: Callers['optional'] = async (ctx) => {
    const token = tokenOf(ctx)
    const id = token === null ? null : await tokens.verifiedId(token)
    return id === null ? null : users.findByPk(id)
  }
  return {
    optional,
    async required(ctx) {
      const caller = await optional(ctx)
      if (caller !== null) return caller
      const isMissing = ctx.get('authorization') === ''
      throw new ApiError(401, { token: [isMissing ? 'is missing' : 'is invalid'] })
    },
  }
}
