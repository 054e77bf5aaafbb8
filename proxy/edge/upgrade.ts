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
  /** Protocols that become tunnels, lower case. */
  readonly protocols: readonly string[]
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

/** Every offer but those for a tunnel may be ignored (RFC 9110 §7.8), and is; so are those with a body. */
const isForTunnel = (
  { method, httpVersion, headers }: IncomingMessage,
  protocols: ReadonlySet<string>,
): boolean =>
  method !== 'HEAD' &&
  httpVersion === '1.1' &&
  protocols.has(headers.upgrade?.trim().toLowerCase() ?? '') &&
  headers['transfer-encoding'] === undefined &&
  headers.expect === undefined &&
  (headers['content-length'] ?? '0') === '0'

export const createOnUpgrade = (options: UpgradeOptions): OnUpgrade => {
  const { receive, serve, join, onError } = options
  const protocols = new Set(options.protocols)
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
    else if (isForTunnel(message, protocols)) void run(message, socket, head)
    else replay(server, message, socket, head)
  }
}
