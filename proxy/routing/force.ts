/**
 * Force: a tester picks the target of a request by a signed header or cookie, so that a handler can
 * be seen at work before any client meets it.
 */
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ForceConfig } from '../config/config.ts'
import { createAddressSet } from '../edge/address-set.ts'
import type { Target } from '../stage.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest, RawHeaders } from '../targets/send.ts'
import { cookieValue, withoutCookie } from './cookie.ts'

/** `target.seconds.signature`: expiry as a Unix time, HMAC-SHA-256 in base64url. */
const tokenForm = /^(legacy|modern)\.(\d{1,12})\.([\w-]{43})$/

const sign = (target: Target, expSeconds: number, key: string): Buffer =>
  createHmac('sha256', key).update(`${target}.${expSeconds}`).digest()

/**
 * A token that forces a target until it expires.
 *
 * @param expSeconds Unix time in seconds; one further away than `force.maxAge` is never accepted
 */
export const mintForceToken = (target: Target, expSeconds: number, key: string): string =>
  `${target}.${expSeconds}.${sign(target, expSeconds, key).toString('base64url')}`

interface Forcing {
  /** The signing key; null: tokens are off, and every one of them is invalid. */
  readonly key: string | null
  /** Milliseconds of the wall clock. */
  readonly now: () => number
}

/** What a request asks for: a target, nothing, or something that it has no right to. */
export type Forced = { readonly target: Target } | null | 'invalid'

/** Reads the force of a request. */
export type Force = (request: Pick<InboundRequest, 'headers' | 'peer'>) => Forced

/** Made once: a forced request costs no object. */
const forced: Readonly<Record<Target, Forced>> = {
  legacy: Object.freeze({ target: 'legacy' }),
  modern: Object.freeze({ target: 'modern' }),
}

const isTarget = (text: string): text is Target => text === 'legacy' || text === 'modern'

const readToken = (token: string, maxAgeMs: number, { key, now }: Forcing): Forced => {
  const [, target = '', seconds, signature = ''] = tokenForm.exec(token) ?? []
  if (key === null || key === '' || !isTarget(target)) return 'invalid'
  const expSeconds = Number(seconds)
  const leftMs = expSeconds * 1_000 - now()
  const isSigned = timingSafeEqual(
    Buffer.from(signature, 'base64url'),
    sign(target, expSeconds, key),
  )
  return isSigned && leftMs > 0 && leftMs <= maxAgeMs ? forced[target] : 'invalid'
}

/**
 * The header is asked before the cookie, and alone where it is present. A bare `legacy` or `modern`
 * is believed from `allowUnsignedFrom`, by the address of the peer.
 *
 * @throws RangeError where `allowUnsignedFrom` holds no network
 */
export const createForce = (config: ForceConfig, forcing: Forcing): Force => {
  const mayWriteBare = createAddressSet(config.allowUnsignedFrom)
  return ({ headers, peer }) => {
    const value = rawHeader(headers, config.header) ?? cookieValue(headers, config.cookie)
    if (value === null) return null
    if (isTarget(value)) return mayWriteBare(peer.address) ? forced[value] : 'invalid'
    return readToken(value, config.maxAgeMs, forcing)
  }
}

/**
 * Header lines as a target may see them: without the header and the cookie of force, every other
 * byte kept. The same array where neither is there.
 */
export const withoutForce = (
  headers: RawHeaders,
  { header, cookie }: Pick<ForceConfig, 'header' | 'cookie'>,
): RawHeaders => {
  const rest = withoutCookie(headers, cookie)
  if (rawHeader(rest, header) === null) return rest
  return rest.filter((_, i) => rest[i - (i % 2)]?.toLowerCase() !== header)
}
