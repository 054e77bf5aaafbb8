/** Errors of sockets and parsers, named by the error table. Pure. */
import { type ErrorCode, errorCodes } from '../errors.ts'
import type { Target } from '../stage.ts'
import { failure } from './failure.ts'
import type { Failure } from './send.ts'

/** Before a byte was sent. */
const unsent: ReadonlyMap<string, ErrorCode> = new Map([
  ['ECONNREFUSED', 'connection_refused'],
  ['ENOENT', 'connection_refused'], // a unix socket that nobody made yet
  ['EACCES', 'connection_refused'], // a unix socket of somebody else
  ['ECONNRESET', 'connection_refused'],
  ['ENOTFOUND', 'dns_error'],
  ['EAI_AGAIN', 'dns_error'],
  ['EAI_FAIL', 'dns_error'],
  ['EAI_NODATA', 'dns_error'],
  ['EAI_NONAME', 'dns_error'],
  ['EHOSTUNREACH', 'destination_unroutable'],
  ['EHOSTDOWN', 'destination_unroutable'],
  ['ENETUNREACH', 'destination_unroutable'],
  ['ENETDOWN', 'destination_unroutable'],
  ['EADDRNOTAVAIL', 'destination_unroutable'], // every local port to this origin is in use
  ['ETIMEDOUT', 'connection_timeout'],
  ['UND_ERR_INVALID_ARG', 'http_request_error'],
  ['UND_ERR_NOT_SUPPORTED', 'http_request_error'],
])

const isCode = (code: string): code is ErrorCode => (errorCodes as readonly string[]).includes(code)

export const errorCodeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

/** Errors of the process or of a pool that is closed: nothing is known of the upstream. */
const isLocal = (code: string): boolean =>
  code === 'EMFILE' || code === 'ENFILE' || code.startsWith('UND_ERR_')

/** Why nothing was sent. */
const unsentCode = (error: unknown, isTls: boolean): ErrorCode => {
  const code = errorCodeOf(error)
  if (isCode(code)) return code
  // A reset in the middle of a handshake is a refusal of TLS.
  if (isTls && code === 'ECONNRESET') return 'tls_error'
  const known = unsent.get(code)
  if (known !== undefined) return known
  return isTls && !isLocal(code) ? 'tls_error' : 'destination_unavailable'
}

const isGarbage = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'HTTPParserError' ||
    error.message === 'bad response' ||
    error.message === 'bad upgrade')

/** Heads that undici does not take: too long, or with two framings that contradict each other. */
const unreadable: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
])

/** Why no head came, although something may have been sent. */
const unansweredCode = (error: unknown): ErrorCode => {
  const code = errorCodeOf(error)
  if (isCode(code)) return code
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') return 'http_request_error'
  if (isGarbage(error) || unreadable.has(code)) return 'http_protocol_error'
  return 'connection_terminated'
}

const ofBreaking: ReadonlySet<string> = new Set(['connection_terminated', 'ECONNRESET', 'EPIPE'])

/** Whether the connection broke, and not what was said over it. */
export const isBroken = (error: unknown): boolean => {
  const code = errorCodeOf(error)
  return (code === 'UND_ERR_SOCKET' && !isGarbage(error)) || ofBreaking.has(code)
}

/** How far an exchange had come. */
export interface Progress {
  readonly from: Target
  /** Something may have been sent. */
  readonly hasBegun: boolean
  readonly hasHead: boolean
  readonly isTls: boolean
}

/** What an error of undici or of a socket means; `effect: 'none'` exactly where nothing was sent. */
export const wireFailure = (
  error: unknown,
  { from, hasBegun, hasHead, isTls }: Progress,
): Failure => {
  const about = { cause: error }
  if (hasHead) return failure('http_response_incomplete', from, 'unknown', about)
  const code = hasBegun ? unansweredCode(error) : unsentCode(error, isTls)
  const party = code === 'http_request_error' ? 'client' : from
  return failure(code, party, hasBegun ? 'unknown' : 'none', about)
}
