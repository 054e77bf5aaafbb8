import { tokenOf } from '../callers.ts'
import type { Handler, Parts } from '../parts.ts'
import { presentUser } from './presenter.ts'

/** `GET /api/user`: the caller, with the token that came. */
export const getUser =
  ({ callers }: Parts): Handler =>
  async (ctx) => {
    const caller = await callers.required(ctx)
    ctx.body = { user: presentUser(caller, tokenOf(ctx) ?? '') }
  }
