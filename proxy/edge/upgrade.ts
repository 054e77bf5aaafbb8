import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
export type OnUpgrade = (
  server: Server,
  message: IncomingMessage,
  socket: Socket,
  head: Buffer,
) => void
