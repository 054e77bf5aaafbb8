/** Connections that ask for another protocol: the same verbs, with a tunnel for an answer. */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Decision } from '../routing/choose.ts'
import type { Upgrade } from '../serve.ts'
import type { InboundRequest, Observation } from '../targets/send.ts'
import { isAnswering } from './answering.ts'
import type { Receive } from './receive.ts'
import { replay } from './replay.ts'

/** A connection as Node hands it over. */
export interface Arrival {
  readonly request: InboundRequest
  readonly message: IncomingMessage
  readonly socket: Socket
  /** Bytes that came after the request. */
  readonly head: Buffer
}

export interface UpgradeOptions {
  readonly receive: Receive
  readonly serve: (upgrade: Upgrade) => Promise<void>
  /** Joins the connection with the target of a decision, or refuses it. Never rejects. */
  readonly join: (arrival: Arrival, decision: Decision) => Promise<Observation>
  readonly onError: (error: unknown) => void
}

export type OnUpgrade = (
  server: Server,
  message: IncomingMessage,
  socket: Socket,
  head: Buffer,
) => void

export interface Upgrades {
  readonly on: OnUpgrade
  /** Connections that are joined, or about to be. */
  inFlight(): number
  /** Ends all of them. */
  close(): void
}

/** The one protocol that is tunnelled; every other offer may be ignored, and is. */
const isWebSocket = ({ method, httpVersion, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  httpVersion === '1.1' &&
  headers.upgrade?.trim().toLowerCase() === 'websocket' &&
  headers['transfer-encoding'] === undefined &&
  (headers['content-length'] ?? '0') === '0'

export const createUpgrades = ({ receive, serve, join, onError }: UpgradeOptions): Upgrades => {
  const sockets = new Set<Socket>()
  const run = async (message: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
    sockets.add(socket)
    const request = receive(message, () => {})
    try {
      const tunnel = (decision: Decision): Promise<Observation> =>
        join({ request, message, socket, head }, decision)
      await serve({ request, tunnel })
    } catch (error) {
      onError(error)
    } finally {
      socket.destroySoon()
      sockets.delete(socket)
    }
  }
  return {
    on(server, message, socket, head) {
      // Two answers under way on one connection could change places.
      if (isAnswering(socket)) socket.destroy()
      else if (!isWebSocket(message)) replay(server, message, socket, head)
      else {
        socket.on('error', () => {})
        void run(message, socket, head)
      }
    },
    inFlight: () => sockets.size,
    close() {
      for (const socket of sockets) socket.destroySoon()
    },
  }
}
