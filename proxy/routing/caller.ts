/** Names the caller of a request, so that the same one keeps the same target. Pure. */
import { Buffer } from 'node:buffer'
import type { CallerSource } from '../config/caller-source.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest, RawHeaders } from '../targets/send.ts'
import { cookieValue } from './cookie.ts'

/** Header values travel as latin1; what clients write in them is UTF-8. */
const fromWire = (value: string | null): string | null =>
  value !== null && /[\u0080-\u00ff]/.test(value) ? Buffer.from(value, 'latin1').toString() : value

const bearer = /^(?:bearer|token) +[^.\s]*\.([^.\s]+)\./i

/**
 * A claim of the JWT in `Authorization: Bearer` or `Token`, its signature unchecked: a caller who
 * lies about it picks a bucket, and gains nothing by that.
 */
const claimValue = (headers: RawHeaders, claim: string): string | null => {
  const payload = bearer.exec(rawHeader(headers, 'authorization') ?? '')?.[1]
  if (payload === undefined) return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const value = Object.entries(claims ?? {}).find(([name]) => name === claim)?.[1]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null
  } catch {
    return null
  }
}

const readers: Readonly<
  Record<CallerSource['from'], (headers: RawHeaders, name: string) => string | null>
> = {
  claim: claimValue,
  header: (headers, name) => fromWire(rawHeader(headers, name)),
  cookie: (headers, name) => fromWire(cookieValue(headers, name)),
}

/**
 * The caller key: what the first source that has anything holds, trimmed. Null where none has:
 * such a caller belongs to legacy, since nothing would keep them on one target.
 */
export const callerKey = (
  { headers }: Pick<InboundRequest, 'headers'>,
  sources: readonly CallerSource[],
): string | null => {
  for (const { from, name } of sources) {
    const key = readers[from](headers, name)?.trim()
    if (key !== undefined && key !== '') return key
  }
  return null
}
