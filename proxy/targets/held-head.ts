/** What a handler wrote of a head, as the header lines of an answer. */
import {
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http'
import { ofConnection } from './headers.ts'
import { isBodiless, rawHeader } from './raw-header.ts'
import type { RawHeaders } from './send.ts'

/** What `writeHead` takes: an object, pairs in one flat array, or an array of pairs. */
export type HeadLines = OutgoingHttpHeaders | OutgoingHttpHeader[] | [string, OutgoingHttpHeader][]

/** A response whose names of headers can be read in their own case (typed too late in Node's). */
export interface HeldHead extends ServerResponse {
  getRawHeaderNames(): string[]
}

const notProcessed = 'x-banyan-not-processed'

/** What belongs to one connection, or speaks to Banyan, is not for the client. */
const isKept = (name: string): boolean => ofConnection.has(name) || name === notProcessed

const entriesOf = (lines: HeadLines): [string, OutgoingHttpHeader | undefined][] => {
  if (!Array.isArray(lines)) return Object.entries(lines)
  if (lines.every((line) => Array.isArray(line))) {
    return lines.map(([name, value]) => [String(name), value])
  }
  if (lines.length % 2 !== 0) throw new TypeError('A flat array of headers holds names and values')
  const flat = lines as OutgoingHttpHeader[]
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[String(name), flat[at + 1]]] : []))
}

const isText = (value: OutgoingHttpHeader | undefined): value is string | string[] =>
  typeof value === 'string' || Array.isArray(value)

const setLines = (response: ServerResponse, lines: HeadLines): void => {
  const entries = entriesOf(lines)
  if (Array.isArray(lines)) for (const [name] of entries) response.removeHeader(name)
  for (const [name, value] of entries) {
    if (Array.isArray(lines) && isText(value)) response.appendHeader(name, value)
    // Node refuses an absent value with a better message than any of ours.
    else response.setHeader(name, value as OutgoingHttpHeader)
  }
}

/**
 * Sets status, reason and headers as Node's `writeHead` does: an array may repeat a name, and what
 * was set before under that name is replaced.
 *
 * @throws RangeError for a status outside 100..999
 */
export const setHead = (
  response: ServerResponse,
  status: number,
  reason: string | undefined,
  lines: HeadLines | undefined,
): void => {
  const code = Math.trunc(Number(status))
  if (!(code >= 100 && code <= 999)) {
    throw Object.assign(new RangeError(`${status} is not a status code`), {
      code: 'ERR_HTTP_INVALID_STATUS_CODE',
    })
  }
  response.statusCode = code
  if (reason !== undefined) response.statusMessage = reason
  else if (!response.statusMessage) response.statusMessage = STATUS_CODES[code] ?? 'unknown'
  validateHeaderValue('reason', response.statusMessage)
  if (lines !== undefined) setLines(response, lines)
}

/** Whether a handler says, by a header on a 503, that it has done nothing: a fallback is safe. */
export const saysNotProcessed = (response: ServerResponse): boolean =>
  response.statusCode === 503 && String(response.getHeader(notProcessed)) === '1'

/**
 * The lines of a head in the order they were set, names in the case they were set in.
 *
 * @param whole the body where all of it is known: its length is told, as Node does
 */
export const heldLines = (response: HeldHead, whole: Uint8Array | null): RawHeaders => {
  const lines: string[] = []
  for (const name of response.getRawHeaderNames()) {
    if (isKept(name.toLowerCase())) continue
    for (const value of [response.getHeader(name)].flat()) lines.push(name, String(value))
  }
  if (whole === null || isBodiless(response.req.method ?? '', response.statusCode)) return lines
  if (rawHeader(lines, 'content-length') === null && rawHeader(lines, 'trailer') === null) {
    lines.push('Content-Length', String(whole.length))
  }
  return lines
}

export interface EarlyHints {
  readonly [name: string]: string | string[]
  readonly link?: string | string[]
}

/** Early hints as lines; null where there is no link to hint at, as Node has it. */
export const earlyLines = (hints: EarlyHints): RawHeaders | null => {
  const links = [hints.link ?? []].flat()
  if (links.length === 0) return null
  const lines: string[] = ['Link', links.join(', ')]
  for (const [name, value] of Object.entries(hints)) {
    if (name !== 'link') lines.push(name, String(value))
  }
  for (let at = 0; at < lines.length; at += 2) {
    validateHeaderName(lines[at] ?? '')
    validateHeaderValue(lines[at] ?? '', lines[at + 1] ?? '')
  }
  return lines
}

/** Trailers from the text that Node keeps them in, once it has checked them. */
export const trailerLines = (text: string): RawHeaders => {
  const lines: string[] = []
  // The last line ends like all others.
  for (const line of text.split('\r\n').slice(0, -1)) {
    const colon = line.indexOf(': ')
    lines.push(line.slice(0, colon), line.slice(colon + 2))
  }
  return lines
}
