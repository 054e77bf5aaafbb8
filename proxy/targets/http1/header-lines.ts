/** Header lines as HTTP/1.1 writes them: RFC 9112 §5, read strictly. Pure. */
import { ProxyError } from '../../errors.ts'
import type { RawHeaders } from '../send.ts'

/** Why a message of an upstream cannot be believed. */
export const protocolError = (why: string): ProxyError => new ProxyError('http_protocol_error', why)

const token = /[!#$%&'*+\-.^_`|~\dA-Za-z]/
const fieldText = /[\t\x20-\x7e\x80-\xff]/

/** A 1 for every byte that an expression takes: short texts are read faster so than by it. */
const bytesOf = (expression: RegExp): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => Number(expression.test(String.fromCharCode(byte))))

const tokenBytes = bytesOf(token)
const fieldBytes = bytesOf(fieldText)

const isMadeOf = (bytes: Uint8Array, text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (bytes[text.charCodeAt(at)] !== 1) return false
  return true
}

/** Whether this is a name of a header, or of a method: RFC 9110 §5.6.2. */
export const isToken = (text: string): boolean => text !== '' && isMadeOf(tokenBytes, text)

/** Whether a value has no control characters, of which a line break is one. */
export const isFieldText = (text: string): boolean => isMadeOf(fieldBytes, text)

const tab = 9
const space = 32

const isBlank = (code: number): boolean => code === space || code === tab

/** A part of a text without the blanks around it. */
const trimmed = (text: string, from: number, to: number): string => {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start += 1
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** Lines that one message may have: ten times what any application sends. */
const maxLines = 1_000

/**
 * Reads lines that CRLF divides. A folded line, a blank before the colon, a bare CR or LF, and every
 * other control character are refused: two readers could take them for different lines.
 *
 * @param from where the first line begins
 * @throws ProxyError `http_protocol_error`
 */
export const readHeaderLines = (text: string, from: number): RawHeaders => {
  const lines: string[] = []
  let at = from
  while (at < text.length) {
    const found = text.indexOf('\r\n', at)
    const end = found < 0 ? text.length : found
    const colon = text.indexOf(':', at)
    if (colon < 0 || colon >= end) throw protocolError('a header line without a colon')
    const name = text.slice(at, colon)
    if (!isToken(name)) throw protocolError('a header line whose name is none')
    const value = trimmed(text, colon + 1, end)
    if (!isFieldText(value)) throw protocolError('a control character in a header line')
    lines.push(name, value)
    if (lines.length > 2 * maxLines) throw protocolError('too many header lines')
    at = end + 2
  }
  return lines
}
