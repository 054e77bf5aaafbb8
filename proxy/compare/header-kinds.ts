/**
 * What header fields mean to a comparison. A table: docs/reference/rules.md carries what is left out
 * and why (tested).
 */

/** How the values of a field are compared; fields that are not named here: as text. */
export type HeaderKind =
  | 'list'
  | 'methods'
  | 'links'
  | 'parameters'
  | 'policy'
  | 'date'
  | 'mediaType'
  | 'cookies'
  | 'url'
  | 'etag'
  | 'challenges'

const kinds: Readonly<Record<string, HeaderKind>> = {
  accept: 'list',
  'accept-ranges': 'list',
  allow: 'methods',
  'access-control-allow-headers': 'list',
  'access-control-allow-methods': 'methods',
  'access-control-expose-headers': 'list',
  'cache-control': 'list',
  'content-disposition': 'parameters',
  'content-language': 'list',
  'content-location': 'url',
  'content-security-policy': 'policy',
  'content-security-policy-report-only': 'policy',
  'content-type': 'mediaType',
  etag: 'etag',
  expires: 'date',
  'last-modified': 'date',
  link: 'links',
  location: 'url',
  pragma: 'list',
  'proxy-authenticate': 'challenges',
  'retry-after': 'date',
  'set-cookie': 'cookies',
  'strict-transport-security': 'parameters',
  sunset: 'date',
  vary: 'list',
  'www-authenticate': 'challenges',
}

export const headerKind = (name: string): HeaderKind | null =>
  Object.hasOwn(kinds, name) ? (kinds[name] ?? null) : null

const framing = 'how the message travelled: the bodies themselves are compared'
const hop = 'between two hops only (RFC 9110 §7.6.1)'
const software = 'names software, time or place, not content'
const tracing = 'names this one request'

/** Fields that are never compared, and why. */
export const ignoredHeaders: Readonly<Record<string, string>> = {
  'content-length': framing,
  'content-encoding': 'how the message travelled: bodies are compared decoded',
  'content-md5': framing,
  digest: framing,
  'content-digest': framing,
  'repr-digest': framing,
  trailer: framing,
  'transfer-encoding': framing,
  connection: hop,
  'keep-alive': hop,
  'proxy-connection': hop,
  te: hop,
  upgrade: hop,
  'alt-svc': hop,
  via: hop,
  host: 'of requests: PHP’s built-in server sends it back',
  age: software,
  date: software,
  server: software,
  'server-timing': software,
  'x-powered-by': software,
  'x-runtime': software,
  'x-served-by': software,
  'x-cache': software,
  'x-cache-hits': software,
  'x-timer': software,
  'cf-ray': tracing,
  'cf-cache-status': software,
  'proxy-status': software,
  'request-id': tracing,
  'x-request-id': tracing,
  'x-correlation-id': tracing,
  'x-amzn-trace-id': tracing,
  'x-amz-cf-id': tracing,
  'x-b3-traceid': tracing,
  'x-b3-spanid': tracing,
  'x-cloud-trace-context': tracing,
  traceparent: tracing,
  tracestate: tracing,
  traceresponse: tracing,
}

/** Exactly these names: one that merely contains another is compared. */
export const isIgnoredHeader = (name: string): boolean => Object.hasOwn(ignoredHeaders, name)
