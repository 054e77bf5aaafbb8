/** The head of an answer, and what it says of the body: RFC 9112 §4, §6.3, §9.3. Pure. */
import { isBodiless } from '../raw-header.ts'
import type { RawHeaders } from '../send.ts'
import { protocolError, readHeaderLines } from './header-lines.ts'

/** How the end of a body is told. */
export type Framing = 'none' | 'length' | 'chunked' | 'close'

export interface ResponseHead {
  readonly status: number
  /** Bytes as latin1; may be empty. */
  readonly reason: string
  readonly lines: RawHeaders
  readonly framing: Framing
  /** Bytes of the body; 0 unless `framing` is `length`. */
  readonly length: number
  /** Whether the connection may serve another exchange. */
  readonly persists: boolean
  /** Seconds that the upstream says it keeps an idle connection; null: it does not say. */
  readonly keepAliveSeconds: number | null
}

/** What the lines say of the connection and the framing. */
interface Said {
  readonly lengths: string[]
  readonly codings: string[]
  readonly options: string[]
  keepAlive: string | null
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/

const gather = (lines: RawHeaders): Said => {
  const said: Said = { lengths: [], codings: [], options: [], keepAlive: null }
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const name = lines[at] as string
    // The lengths of `connection` and `keep-alive`, `content-length`, `transfer-encoding`.
    if (name.length !== 10 && name.length !== 14 && name.length !== 17) continue
    const lower = name.toLowerCase()
    const value = lines[at + 1] as string
    if (lower === 'content-length') said.lengths.push(value)
    else if (lower === 'transfer-encoding') said.codings.push(value)
    else if (lower === 'keep-alive') said.keepAlive = value
    else if (lower === 'connection') said.options.push(value.toLowerCase())
  }
  return said
}

const readLength = (lengths: readonly string[]): number | null => {
  const [text] = lengths
  if (text === undefined) return null
  if (lengths.length > 1) throw protocolError('more than one Content-Length')
  const length = Number(text)
  if (!/^\d+$/.test(text) || length > Number.MAX_SAFE_INTEGER) {
    throw protocolError('a Content-Length that is no length')
  }
  return length
}

const checkCoding = ({ codings, lengths }: Said, minor: string): void => {
  if (minor === '0') throw protocolError('a transfer coding in HTTP/1.0')
  if (lengths.length > 0) throw protocolError('both a length and a transfer coding')
  if (codings.length > 1 || codings[0]?.toLowerCase() !== 'chunked') {
    throw protocolError('a transfer coding other than chunked')
  }
}

const framingOf = (said: Said, length: number | null): Framing => {
  if (said.codings.length > 0) return 'chunked'
  return length === null ? 'close' : 'length'
}

/** A blank by RFC 9110 §5.6.3, and yet Node's parser takes `chunked<tab>` for another coding. */
const tabbedFraming = /\r\n(?:transfer-encoding|content-length):[^\r]*\t/i

const hasOption = (said: Said, option: string): boolean =>
  said.options.some((line) => line.split(',').some((one) => one.trim() === option))

const secondsOf = (keepAlive: string | null): number | null => {
  const found = keepAlive === null ? null : /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})/i.exec(keepAlive)
  return found === null ? null : Number(found[1])
}

/**
 * Reads a head. Framing that two readers could understand differently is refused, even where the
 * answer has no body.
 *
 * @param text latin1, without the empty line that ends it
 * @param method of the request
 * @throws ProxyError `http_protocol_error`
 */
export const readResponseHead = (text: string, method: string): ResponseHead => {
  const found = text.indexOf('\r\n')
  const lineEnd = found < 0 ? text.length : found
  const [, minor = '', code = '', reason = ''] = statusLine.exec(text.slice(0, lineEnd)) ?? []
  if (code === '') throw protocolError('no status line')
  const status = Number(code)
  const lines = readHeaderLines(text, lineEnd + 2)
  const said = gather(lines)
  const length = readLength(said.lengths)
  if (said.codings.length > 0) checkCoding(said, minor)
  if (text.includes('\t') && tabbedFraming.test(text)) throw protocolError('a tab in the framing')
  const framing = status < 200 || isBodiless(method, status) ? 'none' : framingOf(said, length)
  const isKept = minor === '1' ? !hasOption(said, 'close') : hasOption(said, 'keep-alive')
  return {
    status,
    reason,
    lines,
    framing,
    length: framing === 'length' ? (length ?? 0) : 0,
    persists: isKept && framing !== 'close',
    keepAliveSeconds: secondsOf(said.keepAlive),
  }
}

const begins = 'HTTP/1.'

/**
 * Refuses the beginning of a head that can no longer become one, so that whoever speaks something
 * else is not waited for.
 */
export const checkBeginning = (text: string): void => {
  const start = text.slice(0, begins.length)
  if (start !== begins.slice(0, start.length)) throw protocolError('no status line')
  const bare = text.search(/\r[^\n]|[^\r]\n/)
  if (bare >= 0) throw protocolError('a line that does not end with CRLF')
}
