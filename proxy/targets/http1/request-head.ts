/** The head of a request as bytes. Pure. */
import { ProxyError } from '../../errors.ts'
import type { WireRequest } from '../wire.ts'
import { isFieldText, isToken } from './header-lines.ts'

/** Everything that Node's own parser lets a target be. */
const targetText = /^[\x21-\x7e\x80-\xff]+$/

const unsendable = (why: string): ProxyError => new ProxyError('http_request_error', why)

/**
 * Lines as they are given, in their order, then the line of the framing.
 *
 * @throws ProxyError `http_request_error` where a part of it would break the message
 */
export const requestHead = (request: WireRequest): string => {
  const { method, path, headers, framing, body } = request
  if (!isToken(method)) throw unsendable('a method that is none')
  if (!targetText.test(path)) throw unsendable('a target that is none')
  let head = `${method} ${path} HTTP/1.1\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string
    const value = headers[at + 1] as string
    if (!isToken(name)) throw unsendable('a header line whose name is none')
    if (!isFieldText(value)) throw unsendable('a control character in a header line')
    head += `${name}: ${value}\r\n`
  }
  if (framing === 'chunked') head += 'Transfer-Encoding: chunked\r\n'
  if (framing === 'length') head += `Content-Length: ${body?.length ?? 0}\r\n`
  if (request.expectsContinue) head += 'Expect: 100-continue\r\n'
  return `${head}\r\n`
}

/** What ends a chunked body. */
export const lastChunk = (trailers: readonly string[]): string => {
  let text = '0\r\n'
  for (let at = 0; at + 1 < trailers.length; at += 2) {
    const name = trailers[at] as string
    const value = trailers[at + 1] as string
    if (isToken(name) && isFieldText(value)) text += `${name}: ${value}\r\n`
  }
  return `${text}\r\n`
}
