/**
 * Every way a request can fail in Banyan: one table, one class, one rendering.
 * Codes are the error types of RFC 9209 §2.3 wherever one fits; `proxyStatus` names the registered
 * type for those that are Banyan's own. docs/reference/errors.md carries the same rows (tested).
 */
import { Buffer } from 'node:buffer'

/** What a failed attempt means for the second one; see fallbackCauses in config. */
export type FallbackCause = 'notSent' | 'breakerOpen' | 'bulkheadFull' | 'timeout' | 'reset' | '5xx'

interface ErrorRow {
  /** Status of Banyan's own answer. 499 is never sent: the client is gone. */
  readonly status: number
  /** Registered error type, RFC 9209 §2.3. */
  readonly proxyStatus: string
  /** Which fallback cause this failure is, if it is one at all. */
  readonly cause: FallbackCause | null
  readonly title: string
}

// biome-ignore format: a table reads best as a table
export const errors = {
  http_request_error:       { status: 400, proxyStatus: 'http_request_error',       cause: null,           title: 'The request could not be understood' },
  destination_not_found:    { status: 404, proxyStatus: 'destination_not_found',    cause: null,           title: 'No route matches this request' },
  method_not_supported:     { status: 405, proxyStatus: 'http_request_error',       cause: null,           title: 'This method is not forwarded' },
  client_timeout:           { status: 408, proxyStatus: 'http_request_error',       cause: null,           title: 'The client sent its request too slowly' },
  expectation_failed:       { status: 417, proxyStatus: 'http_request_error',       cause: null,           title: 'This expectation is not known' },
  headers_too_large:        { status: 431, proxyStatus: 'http_request_error',       cause: null,           title: 'The request headers are too large' },
  client_gone:              { status: 499, proxyStatus: 'connection_terminated',    cause: null,           title: 'The client went away before it had its answer' },
  proxy_internal_error:     { status: 500, proxyStatus: 'proxy_internal_error',     cause: null,           title: 'The proxy failed' },
  handler_failed:           { status: 500, proxyStatus: 'proxy_internal_error',     cause: '5xx',          title: 'The handler failed before it answered' },
  transfer_coding_unknown:  { status: 501, proxyStatus: 'http_request_error',       cause: null,           title: 'This transfer coding is not supported' },
  connection_refused:       { status: 502, proxyStatus: 'connection_refused',       cause: 'notSent',      title: 'The upstream refused the connection' },
  connection_terminated:    { status: 502, proxyStatus: 'connection_terminated',    cause: 'reset',        title: 'The upstream closed the connection before it answered' },
  dns_error:                { status: 502, proxyStatus: 'dns_error',                cause: 'notSent',      title: 'The name of the upstream could not be resolved' },
  destination_unroutable:   { status: 502, proxyStatus: 'destination_ip_unroutable', cause: 'notSent',     title: 'There is no way to the upstream' },
  tls_error:                { status: 502, proxyStatus: 'tls_protocol_error',       cause: 'notSent',      title: 'The TLS handshake with the upstream failed' },
  http_protocol_error:      { status: 502, proxyStatus: 'http_protocol_error',      cause: 'reset',        title: 'The upstream did not speak HTTP' },
  http_response_incomplete: { status: 502, proxyStatus: 'http_response_incomplete', cause: null,           title: 'The answer broke off' },
  http_upgrade_failed:      { status: 502, proxyStatus: 'http_upgrade_failed',      cause: null,           title: 'The upstream did not answer the upgrade' },
  destination_unavailable:  { status: 503, proxyStatus: 'destination_unavailable',  cause: 'notSent',      title: 'The target is not available' },
  breaker_open:             { status: 503, proxyStatus: 'destination_unavailable',  cause: 'breakerOpen',  title: 'The breaker is open (blocking)' },
  connection_limit_reached: { status: 503, proxyStatus: 'connection_limit_reached', cause: 'bulkheadFull', title: 'Too many requests are waiting for this target' },
  in_flight_limit_reached:  { status: 503, proxyStatus: 'http_request_denied',      cause: null,           title: 'Too many requests are under way' },
  handler_missing:          { status: 503, proxyStatus: 'destination_unavailable',  cause: 'notSent',      title: 'The handler is not loaded' },
  connection_timeout:       { status: 504, proxyStatus: 'connection_timeout',       cause: 'notSent',      title: 'Connecting to the upstream took too long' },
  http_response_timeout:    { status: 504, proxyStatus: 'http_response_timeout',    cause: 'timeout',      title: 'The target did not answer in time' },
  http_version_unknown:     { status: 505, proxyStatus: 'http_request_error',       cause: null,           title: 'This version of HTTP is not supported' },
  proxy_loop_detected:      { status: 508, proxyStatus: 'proxy_loop_detected',      cause: null,           title: 'The request came back to the proxy that sent it' },
} as const

export type ErrorCode = keyof typeof errors

/** Every code, in the order of the table. */
export const errorCodes: readonly ErrorCode[] = Object.keys(errors) as ErrorCode[]

/** Reads one row; the literal types of the table widened to their row. */
export const errorRow = (code: ErrorCode): ErrorRow => errors[code]

/** Thrown where a value cannot carry the failure. Match on `code`, never on `instanceof`. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.code = code
  }
}

export interface Problem {
  readonly status: number
  /** Lines as on the wire: name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: Uint8Array
}

/**
 * Banyan's own answer to a request it could not have answered: a problem document (RFC 9457) and
 * `Proxy-Status` (RFC 9209), so that an SRE can tell it from the legacy's own errors. Pure.
 *
 * @param detail one sentence for people; never an upstream's address, a path or a stack
 */
export const problem = (code: ErrorCode, detail: string, requestId: string): Problem => {
  const { status, proxyStatus, title } = errorRow(code)
  const document = { type: `urn:banyan:error:${code}`, title, status, detail, requestId }
  const body = Buffer.from(`${JSON.stringify(document)}\n`)
  const headers = [
    ['Content-Type', 'application/problem+json'],
    ['Content-Length', String(body.length)],
    ['Cache-Control', 'no-store'],
    ['Proxy-Status', `banyan; error=${proxyStatus}`],
    ...(status === 503 ? [['Retry-After', '1']] : []),
  ].flat()
  return { status, headers, body }
}
