/** Answers on a bare socket, where Node has made no response: parse errors, CONNECT, upgrades. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { problem } from '../errors.ts'
import type { Failure } from '../targets/send.ts'

/** Writes a problem document and closes the connection. */
export const endWithProblem = (socket: Duplex, why: Failure, requestId: string): void => {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const { status, headers, body } = problem(why.code, why.detail, requestId)
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  for (let at = 0; at < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  socket.write(`${head}Connection: close\r\n\r\n`, 'latin1')
  socket.end(body, () => socket.destroy())
}
