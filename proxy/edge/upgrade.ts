/** Connections that ask for another protocol: the same verbs, with a tunnel for an answer. */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Decision } from '../routing/choose.ts'
import type { Upgrade } from '../serve.ts'
import type { Observation } from '../targets/send.ts'
import type { UpgradeCall } from '../targets/tunnel-join.ts'
import { isAnswering } from './answering.ts'
import type { Receive } from './receive.ts'
import { replay } from './replay.ts'

export interface UpgradeOptions {
  readonly receive: Receive
  readonly serve: (upgrade: Upgrade) => Promise<void>
  /** Joins the connection with the target of a decision, or refuses it. Never rejects. */
  readonly join: (call: UpgradeCall, decision: Decision) => Promise<Observation>
  readonly onError: (error: unknown) => void
}

export type OnUpgrade = (
  server: Server,
  message: IncomingMessage,
  socket: Socket,
  head: Buffer,
) => void

/** The one protocol that is tunnelled; every other offer may be ignored, and is. It has no body. */
const isWebSocket = ({ method, httpVersion, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  httpVersion === '1.1' &&
  headers.upgrade?.trim().toLowerCase() === 'websocket' &&
  headers['transfer-encoding'] === undefined &&
  headers.expect === undefined &&
  (headers['content-length'] ?? '0') === '0'

export const createOnUpgrade = ({ receive, serve, join, onError }: UpgradeOptions): OnUpgrade => {
  const run = async (message: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
    try {
      const request = receive(message, () => {})
      await serve({
        request,
        tunnel: (decision) => join({ request, message, socket, head }, decision),
      })
    } catch (error) {
      onError(error)
      socket.destroy()
    }
  }
  return (server, message, socket, head) => {
    // Two answers under way on one connection could change places.
    if (isAnswering(socket)) socket.destroy()
    else if (isWebSocket(message)) void run(message, socket, head)
    else replay(server, message, socket, head)
  }
}
