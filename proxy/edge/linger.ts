/** How to close a connection whose client still sends. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'

/** What is still read of an upload that nobody wants: as much as this, and as long as this. */
const lingerBytes = 4 * 1024 * 1024
const lingerMs = 5_000

/**
 * Drops what still comes of an upload. When its connection is to close after the answer, it closes
 * only once the client has sent all of it, or too much, or for too long: a kernel that closes over
 * unread bytes sends a reset, and the reset takes the answer with it (RFC 9112 §9.6).
 *
 * Call it just before the answer ends.
 */
export const dropUpload = (message: IncomingMessage): void => {
  const socket: Socket = message.socket
  message.removeAllListeners('data')
  message.resume()
  if (message.complete) return
  const destroySoon = socket.destroySoon.bind(socket)
  // Node calls this once the answer is written and the connection is to close.
  socket.destroySoon = () => {
    let left = lingerBytes
    const timer = setTimeout(destroySoon, lingerMs)
    socket.once('close', () => clearTimeout(timer))
    message.on('data', (chunk: Uint8Array) => {
      left -= chunk.length
      if (left < 0) destroySoon()
    })
    message.once('end', destroySoon)
    socket.end()
    if (message.readableEnded) destroySoon()
  }
}
