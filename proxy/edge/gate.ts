/** How many come in: the rest is sent away before it costs anything. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { ListenConfig } from '../config/config.ts'
import { problem } from '../errors.ts'
import { failure } from '../targets/failure.ts'
import { streamHeaders } from './http2-head.ts'
import { dropUpload } from './linger.ts'
import type { ClientLimit } from './slow-clients.ts'

type Handle = (message: IncomingMessage, response: ServerResponse) => unknown

export interface GateOptions {
  readonly listen: Pick<ListenConfig, 'limits'>
  readonly inFlight?: () => number
  readonly onLimit?: (limit: ClientLimit) => void
}

/** The same bytes for everybody: nobody's name is looked up for it, and nothing is logged. */
const busy = ((): ReturnType<typeof problem> => {
  const { code, detail } = failure('in_flight_limit_reached', 'banyan', 'none')
  return problem(code, detail, '-')
})()

const hasUpload = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/** The same answer over a stream of HTTP/2. */
export const answerBusyStream = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': busy.status, ...streamHeaders(busy.headers) })
  stream.end(busy.body)
}

const answerBusy: Handle = (message, response) => {
  response.on('error', () => {})
  const isLeft = hasUpload(message)
  const lines = isLeft ? [...busy.headers, 'Connection', 'close'] : [...busy.headers]
  response.sendDate = false
  response.writeHead(busy.status, lines)
  if (isLeft) dropUpload(message)
  response.end(message.method === 'HEAD' ? undefined : busy.body)
}

/** Before whatever Node does with a connection: a refused one costs no parser and no handshake. */
const limitConnections = (server: Server, most: number, refused: () => void): void => {
  const accepts = server.listeners('connection') as ((socket: Socket) => void)[]
  server.removeAllListeners('connection')
  let open = 0
  server.on('connection', (socket: Socket) => {
    // A connection that is given back to the server is one that is known already.
    if (!isKnown.has(socket)) {
      if (open >= most) {
        refused()
        socket.destroy()
        return
      }
      open += 1
      isKnown.add(socket)
      socket.once('close', () => {
        open -= 1
      })
    }
    for (const accept of accepts) accept.call(server, socket)
  })
  const isKnown = new WeakSet<Socket>()
}

/** Limits the connections of a server; returns the handler that limits its requests. */
export const createGate = (server: Server, options: GateOptions, handle: Handle): Handle => {
  const { limits } = options.listen
  const { inFlight = () => 0, onLimit = () => {} } = options
  const { connections, inFlight: most = Number.POSITIVE_INFINITY } = limits
  if (connections !== undefined) limitConnections(server, connections, () => onLimit('connections'))
  return (message, response) => {
    if (inFlight() < most) return handle(message, response)
    onLimit('inFlight')
    return answerBusy(message, response)
  }
}
