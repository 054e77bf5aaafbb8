/**
 * What an upstream is told of the client and of the way, and what it is no longer told because only
 * a proxy may say it. Pure.
 */
import type { UpstreamConfig } from '../config/config.ts'
import { formatTraceparent, parseTraceparent, traceContextOf } from '../telemetry/trace-context.ts'
import { framesOrRoutes, requestLines, requestTrailers } from './headers.ts'
import { rawHeader } from './raw-header.ts'
import type { InboundRequest, RawHeaders } from './send.ts'

/** Lines that are Banyan's to write, or that nobody may send through it. */
const own: ReadonlySet<string> = new Set([
  'proxy', // becomes HTTP_PROXY in CGI, and the legacy's HTTP client obeys it: CVE-2016-5385
  'x-forwarded-for', // written anew, with what is believed of it
  'x-request-id', // the request's own id, which a trusted proxy may have given
])

/** What a trusted proxy may say, and a client may not: a legacy behind a proxy believes all of it. */
const ofTrusted: ReadonlySet<string> = new Set([
  'client-ip', // Rails: counts as an address, and refuses the request when it differs from XFF
  'forwarded', // RFC 7239; Symfony and Rails read it
  'front-end-https', // IIS and its imitators: "this was TLS"
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'x-original-url', // IIS URL Rewrite: another path than the one that was routed
  'x-real-ip',
  'x-rewrite-url', // the same, older
  'x-url-scheme',
])

/** CGI and Rack turn `X_Forwarded_For` into the same variable as `X-Forwarded-For`. */
const asRead = (name: string): string => (name.includes('_') ? name.replaceAll('_', '-') : name)

/**
 * By which an instance knows a request that it has already sent. Not `Via`: nginx and IIS stop
 * compressing for whoever sends that (docs/adr/0017-loops-are-marked-without-via.md).
 */
const marker = 'x-banyan-via'

/** Marks what is asked for a comparison only. Whoever gets it asks nobody else for one. */
export const shadowMark = 'x-banyan-shadow'

const isOwn = (name: string): boolean =>
  own.has(name) || (name.startsWith('x-banyan-') && name !== marker)

/** `Transfer_Encoding` frames the body for whoever takes it for the other, and for nobody else. */
const isTwin = (name: string, read: string): boolean => name !== read && framesOrRoutes(read)

/** @param name in lower case */
export const isOwnFromTrusted = (name: string): boolean => {
  const read = asRead(name)
  return isOwn(read) || isTwin(name, read)
}

export const isOwnFromClient = (name: string): boolean => {
  const read = asRead(name)
  return isOwn(read) || isTwin(name, read) || ofTrusted.has(read) || read.startsWith('x-forwarded-')
}

const hasTrace = (lines: RawHeaders): boolean => {
  const given = rawHeader(lines, 'traceparent')
  return given !== null && parseTraceparent(given) !== null
}

const forwardedFor = ({ peer, headers }: InboundRequest): string => {
  if (!peer.trusted) return peer.address
  const way: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if ((headers[at] as string).toLowerCase() !== 'x-forwarded-for') continue
    const hops = (headers[at + 1] as string).trim()
    if (hops !== '') way.push(hops)
  }
  // Without the proxy's own address the last hop that it has written must do.
  const last = peer.proxyAddress ?? (way.length === 0 ? peer.address : null)
  if (last !== null) way.push(last)
  return way.join(', ')
}

/** The name by which one instance marks what it sends, and knows a request that comes back. */
export const viaToken = (instanceId: string): string => `banyan-${instanceId}`

/** @param authority `host:port` of the address that is sent to */
export const hostFor = (host: UpstreamConfig['host'], authority: string): string | null => {
  if (host === 'preserve') return null
  return host === 'target' ? authority : host.literal
}

export interface Forwarding {
  /** What the upstream sees as Host; null: what the client sent. */
  readonly host: string | null
  /** `viaToken` of this instance. */
  readonly pseudonym: string
  /** Whether it is asked for a comparison only. */
  readonly isShadow?: boolean
}

/**
 * The header lines of a request as an upstream gets them, without framing. A valid trace context is
 * passed on untouched, for Banyan makes no spans; one that is malformed is replaced, its
 * `tracestate` dropped (W3C Trace Context §3.2.2.3, §3.3.1.1).
 */
export const outgoingLines = (
  request: InboundRequest,
  { host, pseudonym, isShadow = false }: Forwarding,
): string[] => {
  const { headers, peer } = request
  const isTraced = hasTrace(headers)
  const isTheirs = peer.trusted ? isOwnFromTrusted : isOwnFromClient
  const isReplaced = (name: string): boolean =>
    isTheirs(name) ||
    (host !== null && name === 'host') ||
    (!isTraced && (name === 'traceparent' || name === 'tracestate'))
  const lines = requestLines(headers, isReplaced)
  if (host !== null) lines.push('Host', host)
  lines.push('X-Forwarded-For', forwardedFor(request))
  if (!(peer.trusted && rawHeader(headers, 'x-forwarded-proto') !== null)) {
    lines.push('X-Forwarded-Proto', peer.scheme)
  }
  if (peer.host !== '' && !(peer.trusted && rawHeader(headers, 'x-forwarded-host') !== null)) {
    lines.push('X-Forwarded-Host', peer.host)
  }
  lines.push('X-Request-Id', request.id)
  if (!isTraced) lines.push('traceparent', formatTraceparent(traceContextOf(request.id)))
  lines.push(marker, pseudonym)
  if (isShadow || (peer.trusted && rawHeader(headers, shadowMark) !== null)) {
    lines.push(shadowMark, '1')
  }
  return lines
}

/** The trailers of a request as an upstream gets them: no line that a header could not be. */
export const outgoingTrailers = ({ peer }: InboundRequest, lines: RawHeaders): RawHeaders =>
  requestTrailers(lines, peer.trusted ? isOwnFromTrusted : isOwnFromClient)
