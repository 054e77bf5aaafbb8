/**
 * Serves a request that asked for another protocol as the ordinary request that it also is. A server
 * may ignore `Upgrade` (RFC 9110 §7.8); Node, once anybody listens for upgrades, does not.
 */
import { Buffer } from 'node:buffer'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { listMembers } from './head-lines.ts'

const ofUpgrade: ReadonlySet<string> = new Set(['upgrade', 'http2-settings'])

/** The head as bytes again, without the offer of another protocol; every other line as it came. */
export const headWithoutUpgrade = ({
  method,
  url,
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders'>): string => {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string
    const value = rawHeaders[at + 1] as string
    const lower = name.toLowerCase()
    if (ofUpgrade.has(lower)) continue
    if (lower !== 'connection') {
      head += `${name}: ${value}\r\n`
      continue
    }
    const rest = listMembers([value]).filter((option) => !ofUpgrade.has(option.toLowerCase()))
    if (rest.length > 0) head += `${name}: ${rest.join(', ')}\r\n`
  }
  return `${head}\r\n`
}

/** @param after bytes that the parser had read beyond the head: a body, the next request */
export const replay = (
  server: Server,
  message: IncomingMessage,
  socket: Socket,
  after: Buffer,
): void => {
  socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(message), 'latin1'), after]))
  // A TLS server takes a `connection` for one that is yet to shake hands.
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket)
}
