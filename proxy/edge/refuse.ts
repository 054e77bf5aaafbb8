/**
 * The framing firewall: what Node's parser lets through although two readers could understand it
 * differently. Such a request goes nowhere. Measured on llhttp as of Node 20; RFC 9112 §3, §6.
 */
import type { ErrorCode } from '../errors.ts'
import { failure } from '../targets/failure.ts'
import type { Failure, RawHeaders } from '../targets/send.ts'
import { type HeadLines, listMembers } from './head-lines.ts'

export interface Head {
  readonly version: string
  readonly method: string
  readonly target: string
  readonly headers: RawHeaders
  readonly lines: HeadLines
  /** Whether it came over a stream of HTTP/2: no head of HTTP/1 may claim that version. */
  readonly isStream?: boolean
}

export interface RefuseOptions {
  /** Header lines that a request may have. */
  readonly headerCount: number
  /** The name by which this proxy marks what it sends; null: there is no loop to be seen. */
  readonly pseudonym: string | null
}

const hostForm = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+;=%-]+)(?::\d*)?$/i
const absoluteForm = /^https?:\/\/([^/?#]*)/i

/** `host[:port]` of RFC 3986 §3.2.2; without userinfo, and without a comma, which joins lines. */
export const isHost = (text: string): boolean => hostForm.test(text)

/** The authority of a target in absolute form; null for every other form. */
export const targetAuthority = (target: string): string | null =>
  target.startsWith('/') ? null : (absoluteForm.exec(target)?.[1] ?? null)

/** The target as an origin sees it: without scheme and authority. */
export const originForm = (target: string): string => {
  if (target.startsWith('/')) return target
  const rest = target.replace(absoluteForm, '')
  if (rest === target || rest.startsWith('/')) return rest
  return `/${rest}`
}

const isBadTarget = ({ method, target }: Head): boolean =>
  target.includes('#') ||
  !(
    target.startsWith('/') ||
    targetAuthority(target) !== null ||
    (target === '*' && method === 'OPTIONS')
  )

const isOtherHost = ({ target, lines }: Head): boolean => {
  const authority = targetAuthority(target)
  return (
    authority !== null &&
    (!isHost(authority) || authority.toLowerCase() !== (lines.host?.[0] ?? authority).toLowerCase())
  )
}

const isBadLength = ({ lines: { length } }: Head): boolean =>
  length !== undefined &&
  (length.length > 1 ||
    !/^\d+$/.test(length[0] ?? '') ||
    Number(length[0]) > Number.MAX_SAFE_INTEGER)

const isLoop = ({ lines }: Head, { pseudonym }: RefuseOptions): boolean =>
  lines.via !== undefined && pseudonym !== null && listMembers(lines.via).includes(pseudonym)

type Rule = readonly [ErrorCode, detail: string, isBroken: (h: Head, o: RefuseOptions) => boolean]

/** In this order: whoever does not speak HTTP/1 is told so before anything else. */
// biome-ignore format: a table reads best as a table
const rules: readonly Rule[] = [
  ['http_version_unknown',    'Only HTTP/1.0 and HTTP/1.1 are spoken here.',            (h) => h.version !== '1.1' && h.version !== '1.0' && !h.isStream],
  ['method_not_supported',    'This method is not forwarded.',                          (h) => h.method === 'TRACE' || h.method === 'CONNECT'],
  ['headers_too_large',       'The request has too many header lines.',                 (h, o) => h.headers.length > 2 * o.headerCount],
  ['http_request_error',      'A request has exactly one Host line.',                   (h) => (h.lines.host?.length ?? 0) > 1 || (h.version !== '1.0' && h.lines.host === undefined)],
  ['http_request_error',      'The Host line is not a host.',                           (h) => h.lines.host !== undefined && !isHost(h.lines.host[0] ?? '')],
  ['http_request_error',      'The request target is not a path.',                      isBadTarget],
  ['http_request_error',      'The request target names another host than Host.',       isOtherHost],
  ['http_request_error',      'A body has either a length or a transfer coding.',       (h) => h.lines.coding !== undefined && h.lines.length !== undefined],
  ['http_request_error',      'HTTP/1.0 has no transfer codings.',                      (h) => h.lines.coding !== undefined && h.version === '1.0'],
  ['transfer_coding_unknown', 'The one transfer coding is chunked.',                    (h) => h.lines.coding !== undefined && h.lines.coding.join(', ').toLowerCase() !== 'chunked'],
  ['http_request_error',      'The Content-Length is not a length.',                    isBadLength],
  ['expectation_failed',      'The one expectation is 100-continue.',                   (h) => h.version !== '1.0' && h.lines.expect !== undefined && h.lines.expect.join(', ').toLowerCase() !== '100-continue'],
  ['proxy_loop_detected',     'The request has passed this proxy before.',              isLoop],
]

/** Why this request may go nowhere; null when it may be decided on. Never throws. */
export const refuse = (head: Head, options: RefuseOptions): Failure | null => {
  for (const [code, detail, isBroken] of rules) {
    if (isBroken(head, options)) return failure(code, 'client', 'none', { detail })
  }
  return null
}
