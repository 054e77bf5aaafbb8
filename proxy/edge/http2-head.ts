/** Heads of HTTP/2 in the form of HTTP/1, and back. RFC 9113 §8. */
import type { OutgoingHttpHeaders } from 'node:http2'
import { ofConnection } from '../targets/headers.ts'
import type { RawHeaders } from '../targets/send.ts'

export interface StreamHead {
  readonly method: string
  /** The request target. */
  readonly url: string
  /** `:authority` as Host where there is no other, cookie crumbs joined; no pseudo-headers. */
  readonly headers: string[]
}

/**
 * @param raw name, value, name, value; nghttp2 has refused what may not stand there: pseudo-headers
 *   after others or twice, upper case, lines about the connection
 */
export const streamHead = (raw: RawHeaders): StreamHead => {
  const pseudo: Record<string, string> = {}
  const headers: string[] = []
  const cookies: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] as string
    const value = raw[at + 1] as string
    if (name.startsWith(':')) pseudo[name] = value
    else if (name === 'cookie') cookies.push(value)
    else headers.push(name, value)
  }
  if (cookies.length > 0) headers.push('cookie', cookies.join('; '))
  const { ':method': method = '', ':path': url = '', ':authority': authority } = pseudo
  // A Host beside it says the same, or `refuse` sees two.
  const isTold = authority !== undefined && !isSaid(headers, authority)
  return { method, url, headers: isTold ? ['Host', authority, ...headers] : headers }
}

const isSaid = (headers: RawHeaders, authority: string): boolean =>
  headers.includes('host') &&
  headers[headers.indexOf('host') + 1]?.toLowerCase() === authority.toLowerCase()

/** Lines that may not travel over a stream: RFC 9113 §8.2.2. */
const ofHttp1: ReadonlySet<string> = new Set([...ofConnection, 'http2-settings'])

/** Lines that Node refuses to write twice. */
const once: ReadonlySet<string> = new Set([
  ...['access-control-allow-credentials', 'access-control-max-age'],
  ...['access-control-request-method', 'age', 'authorization', 'content-encoding'],
  ...['content-language', 'content-length', 'content-location', 'content-md5', 'content-range'],
  ...['content-type', 'date', 'dnt', 'etag', 'expires', 'from', 'host', 'if-match'],
  ...['if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since', 'last-modified'],
  ...['location', 'max-forwards', 'proxy-authorization', 'range', 'referer', 'retry-after', 'tk'],
  ...['upgrade-insecure-requests', 'user-agent', 'x-content-type-options'],
])

/**
 * Lines that HTTP/2 may carry, lower case, repeated ones side by side. Those of which Node writes only
 * one are joined by commas, which RFC 9110 §5.3 says is the same.
 */
export const streamHeaders = (lines: RawHeaders): OutgoingHttpHeaders => {
  const headers: Record<string, string | string[]> = Object.create(null)
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = (lines[at] as string).toLowerCase()
    const value = lines[at + 1] as string
    if (ofHttp1.has(name)) continue
    const known = headers[name]
    if (known === undefined) headers[name] = value
    else if (once.has(name)) headers[name] = `${known}, ${value}`
    else headers[name] = [known, value].flat()
  }
  return headers
}
