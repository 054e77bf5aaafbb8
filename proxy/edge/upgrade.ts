/** Connections that ask for another protocol: the same verbs, with a tunnel for an answer. */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { replay } from './replay.ts'

/** @param head bytes that came after the request */
export type OnUpgrade = (
  server: Server,
  message: IncomingMessage,
  socket: Socket,
  head: Buffer,
) => void

export const createOnUpgrade = (): OnUpgrade => (server, message, socket, head) => {
  replay(server, message, socket, head)
}
