/**
 * Which header lines end at a connection and which travel on. Case, order, duplicates and bytes of
 * those that travel are kept. Pure.
 */
import type { RawHeaders } from './send.ts'

/** Lines of one connection only, RFC 9110 §7.6.1, or of framing that every sender makes anew. */
const always = [
  'connection', // names the options of this connection, and further lines of this table
  'keep-alive', // parameters of `Connection: keep-alive`: RFC 2068 §19.7.1.1
  'proxy-connection', // never standard; the clients that send it mean `Connection`
  'transfer-encoding', // the framing of this hop: RFC 9112 §6.1
  'upgrade', // an offer to, or an answer of, the next hop; tunnels put it back
]

/** Lower-case names of lines that belong to one connection of HTTP/1.1 alone. */
export const ofConnection: ReadonlySet<string> = new Set(always)

const ofRequests: ReadonlySet<string> = new Set([
  ...always,
  'content-length', // whoever sends the body knows its length, and alone may say it
  'expect', // `100 Continue` is the edge's own answer
  'http2-settings', // belongs to `Upgrade: h2c`: RFC 7540 §3.2.1
  'proxy-authorization', // credentials for this proxy, not for what is behind it: RFC 9110 §11.7.2
  'te', // of this hop, but for `trailers`, which is asked of the origin: RFC 9110 §10.1.4
])

/** Whether a line, named in lower case, frames or routes a request. */
export const framesOrRoutes = (name: string): boolean => ofRequests.has(name) || name === 'host'

const ofAnswers: ReadonlySet<string> = new Set([
  ...always,
  'proxy-authenticate', // a challenge to the client of a proxy: RFC 9110 §11.7.1
  'proxy-authentication-info', // its aftermath: RFC 9110 §11.7.3
])

/**
 * What `Connection` cannot take away. Several proxies let a client delete its own cookies, or the
 * lines that they had added themselves, by naming them there.
 */
const kept: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-type',
  'cookie',
  'forwarded',
  'host',
  'set-cookie',
  'traceparent',
  'tracestate',
  'via',
  'x-banyan-via',
  'x-request-id',
])

const isKept = (name: string): boolean => kept.has(name) || name.startsWith('x-forwarded-')

const none: ReadonlySet<string> = new Set()

/** The lower-case names that `Connection` lines declare to be of this hop. */
const nominated = (lines: RawHeaders): ReadonlySet<string> => {
  let names: Set<string> | null = null
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] as string
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue
    for (const option of (lines[at + 1] as string).split(',')) {
      const listed = option.trim().toLowerCase()
      if (listed === '' || listed === 'close' || isKept(listed)) continue
      names ??= new Set()
      names.add(listed)
    }
  }
  return names ?? none
}

const asksForTrailers = /(?:^|,)\s*trailers\s*(?:[,;]|$)/i

/** `Trailer` announces lines after the last chunk: without chunks it is a false promise. */
const withoutPromise = (found: string[], trailerAt: number, isChunked: boolean): string[] => {
  if (trailerAt >= 0 && !isChunked) found.splice(trailerAt, 2)
  return found
}

/**
 * The lines of a request that travel on.
 *
 * @param isOwn lower-case names that the caller leaves out besides, whatever the reason
 */
export const requestLines = (
  lines: RawHeaders,
  isOwn: (name: string) => boolean = () => false,
): string[] => {
  const listed = nominated(lines)
  const found: string[] = []
  let isChunked = false
  let trailerAt = -1
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] as string
    const value = lines[at + 1] as string
    const lower = name.toLowerCase()
    if (lower === 'transfer-encoding') isChunked = true
    if (lower === 'te' && asksForTrailers.test(value)) found.push(name, 'trailers')
    if (ofRequests.has(lower) || listed.has(lower) || isOwn(lower)) continue
    if (lower === 'trailer') trailerAt = found.length
    found.push(name, value)
  }
  return withoutPromise(found, trailerAt, isChunked)
}

/**
 * The lines of an answer that travel on. `Upgrade` is the message of a 426.
 */
export const answerLines = (lines: RawHeaders, status: number): string[] => {
  const listed = nominated(lines)
  const found: string[] = []
  let isChunked = false
  let trailerAt = -1
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] as string
    const lower = name.toLowerCase()
    const isMessage = lower === 'upgrade' && status === 426
    if (lower === 'transfer-encoding') isChunked = true
    if (!isMessage && (ofAnswers.has(lower) || listed.has(lower))) continue
    if (lower === 'trailer') trailerAt = found.length
    found.push(name, lines[at + 1] as string)
  }
  return withoutPromise(found, trailerAt, isChunked)
}

/**
 * What no trailer may say, for a reader that takes trailers for headers would believe it too late:
 * framing, routing, credentials, and what the body means (RFC 9110 §6.5.1).
 */
const neverTrailing: ReadonlySet<string> = new Set([
  ...ofRequests,
  ...ofAnswers,
  'authorization',
  'content-encoding',
  'content-range',
  'content-type',
  'cookie',
  'host',
  'set-cookie',
  'trailer',
])

const trailing = (lines: RawHeaders, isOwn: (name: string) => boolean): string[] => {
  const found: string[] = []
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] as string
    const lower = name.toLowerCase()
    if (!neverTrailing.has(lower) && !isOwn(lower)) found.push(name, lines[at + 1] as string)
  }
  return found
}

/** The trailers of an answer that travel on. */
export const answerTrailers = (lines: RawHeaders): RawHeaders =>
  lines.length === 0 ? lines : trailing(lines, () => false)

/**
 * The trailers of a request that travel on.
 *
 * @param isOwn as for `requestLines`
 */
export const requestTrailers = (lines: RawHeaders, isOwn: (name: string) => boolean): RawHeaders =>
  lines.length === 0 ? lines : trailing(lines, isOwn)
