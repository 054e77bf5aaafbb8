/** Who calls: the user named by the token in `Authorization`. Tokens are shared with the legacy. */
import { compactVerify } from 'jose'
import type { Context } from 'koa'
import type { ModelStatic } from 'sequelize'
import type { User } from './profiles/model.ts'

export interface Callers {
  /** The calling user; null without a token and for a bad one, which are the same here. */
  optional(ctx: Context): Promise<User | null>
}

export interface CallersOptions {
  readonly users: ModelStatic<User>
  /** HS256 key; undefined only where no request bears a token. */
  readonly secret: string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The token of `Token <jwt>` or `Bearer <jwt>`; null for anything else. */
const tokenOf = (ctx: Context): string | null =>
  /^(?:Token|Bearer) +(\S+)$/i.exec(ctx.get('authorization'))?.[1] ?? null

/**
 * The `id` claim of a token whose signature holds, else null. Only `exp` is looked at, as the
 * legacy does: a library's verdict on `nbf` or a missing `exp` would be another one.
 */
const verifiedId = async (
  token: string,
  secret: Uint8Array,
  nowSeconds: number,
): Promise<number | null> => {
  try {
    const { payload } = await compactVerify(token, secret, { algorithms: ['HS256'] })
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
    if (typeof claims !== 'object' || claims === null || !('id' in claims)) return null
    const isExpired = 'exp' in claims && typeof claims.exp === 'number' && claims.exp < nowSeconds
    return Number.isInteger(claims.id) && !isExpired ? Number(claims.id) : null
  } catch {
    return null
  }
}

export const createCallers = ({ users, secret, now }: CallersOptions): Callers => {
  const key = secret === undefined ? null : new TextEncoder().encode(secret)
  return {
    async optional(ctx) {
      const token = tokenOf(ctx)
      if (token === null) return null
      if (key === null)
        throw new Error('JWT_SECRET is not set: a token cannot be judged without it')
      const id = await verifiedId(token, key, Math.floor(now() / 1000))
      return id === null ? null : users.findByPk(id)
    },
  }
}
