import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** The response that is under way on a connection, where Node keeps it; null: none is. */
const currentOf = (socket: Duplex): ServerResponse | null => {
  const { _httpMessage: current } = socket as { _httpMessage?: ServerResponse | null }
  return current ?? null
}

/** Whether a request on this connection is being answered. */
export const isAnswering = (socket: Duplex): boolean => currentOf(socket) !== null

/**
 * Takes the response that has said nothing yet off its connection, where the rest of its own request
 * cannot be read: what is written to it reaches nobody. Returns whether the connection is free now
 * for another answer to that request.
 */
export const takeSilent = (socket: Duplex): boolean => {
  const current = currentOf(socket)
  if (current === null || current.headersSent || current.req.complete) return false
  current.detachSocket(current.req.socket)
  // Node tells the response that it is over by way of the connection it is on: it is on none now.
  current.destroyed = true
  current.emit('close')
  return true
}
