/** JSON web tokens as the legacy's Ruby side issues them; all three sides read one another's. */
import { compactVerify, SignJWT } from 'jose'
import type { User } from './users/model.ts'

export interface Tokens {
  /** Good for 60 days. */
  issue(user: Pick<User, 'id' | 'username'>): Promise<string>
  /**
   * The `id` claim of a token whose signature holds, else null. Only `exp` is looked at, as the
   * legacy does: a library's verdict on `nbf` or a missing `exp` would be another one.
   */
  verifiedId(token: string): Promise<number | null>
}

export interface TokensOptions {
  /** HS256 key; undefined only where no token is issued or judged. */
  readonly secret: string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const lifetimeSeconds = 60 * 24 * 60 * 60

const claimsOf = (payload: Uint8Array): Readonly<Record<string, unknown>> => {
  const claims: unknown = JSON.parse(new TextDecoder().decode(payload))
  return typeof claims === 'object' && claims !== null ? { ...claims } : {}
}

export const createTokens = ({ secret, now }: TokensOptions): Tokens => {
  const key = (): Uint8Array => {
    if (secret !== undefined) return new TextEncoder().encode(secret)
    throw new Error('JWT_SECRET is not set: a token can be neither issued nor judged without it')
  }
  const nowSeconds = (): number => Math.floor(now() / 1000)
  return {
    issue: ({ id, username }) =>
      new SignJWT({ id, username, exp: nowSeconds() + lifetimeSeconds })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(key()),

    async verifiedId(token) {
      const bytes = key()
      try {
        const { payload } = await compactVerify(token, bytes, { algorithms: ['HS256'] })
        const { id, exp } = claimsOf(payload)
        if (typeof exp === 'number' && exp < nowSeconds()) return null
        return Number.isInteger(id) ? Number(id) : null
      } catch {
        return null
      }
    },
  }
}
