/** The public listener: limits, TLS, the Koa application, and what Node tells outside of it. */
import {
  createServer as createHttpServer,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import { constants } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { ListenConfig } from '../config/config.ts'
import { problem } from '../errors.ts'
import { failure } from '../targets/failure.ts'
import type { Failure } from '../targets/send.ts'
import type { Arrival } from './arrival.ts'
import type { Certificates } from './certificates.ts'
import { refuseConnection } from './client-error.ts'
import { createGate } from './gate.ts'
import { createHttp2Sessions, type Http2Sessions } from './http2-sessions.ts'
import { type Context, Koa, type Middleware } from './koa.ts'
import { endWithProblem } from './raw-answer.ts'
import type { ClientLimit } from './slow-clients.ts'
import type { Unreceived } from './unreceived.ts'
import type { OnUpgrade } from './upgrade.ts'

export interface EdgeOptions {
  readonly listen: ListenConfig
  readonly serve: (arrival: Arrival) => Promise<void>
  readonly onUpgrade: OnUpgrade
  /** Null: clients come without TLS. */
  readonly certificates: Certificates | null
  /** Names requests that no `receive` has seen. */
  readonly newId: () => string
  /** Hears of requests that were refused before there was one to receive. */
  readonly onRefused: (refused: Unreceived) => void
  /** Requests of the whole process whose answer is not finished; absent: nobody counts. */
  readonly inFlight?: () => number
  /** Hears of a connection or a request that a limit has cost its answer. */
  readonly onLimit?: (limit: ClientLimit) => void
  /** Hears of errors that should not be: they are faults of Banyan. */
  readonly onError: (error: unknown) => void
}

const serverOptions = ({ limits }: ListenConfig): ServerOptions => ({
  maxHeaderSize: limits.headerBytes,
  headersTimeout: limits.headerTimeoutMs,
  connectionsCheckingInterval: Math.min(1_000, limits.headerTimeoutMs),
  keepAliveTimeout: limits.keepAliveMs,
  // An upload takes the time it takes: targets watch over its pace.
  requestTimeout: 0,
  // Node's own answer to a missing Host is no problem document; `refuse` gives one.
  requireHostHeader: false,
  insecureHTTPParser: false,
  noDelay: true,
})

/** A fault of Banyan becomes a 500 or a cut connection, never a hanging client. */
const answerFault = (res: ServerResponse, newId: () => string): void => {
  if (res.headersSent) return void res.destroy()
  const { detail } = failure('proxy_internal_error', 'banyan', 'unknown')
  const { status, headers, body } = problem('proxy_internal_error', detail, newId())
  res.writeHead(status, [...headers, 'Connection', 'close'])
  res.end(body)
}

/** The last resort round `serve`. */
const guarded =
  ({ serve, onError, newId }: EdgeOptions): Middleware =>
  (ctx) =>
    serve(ctx).catch((error: unknown) => {
      onError(error)
      answerFault(ctx.res, newId)
    })

/**
 * Runs the chain and nothing else. Koa's own would watch every response for its end, and answer
 * where nobody did: `respond` knows the end, and `serve` always answers.
 */
const handleRequest = (ctx: Context, chain: (ctx: Context) => Promise<void>): Promise<void> =>
  chain(ctx)

/**
 * The application that wraps `serve`. No middleware may set headers: `respond` writes the head as
 * one array, which Node merges with whatever was set before.
 */
const createApp = (options: EdgeOptions): Koa => {
  const app = Object.assign(new Koa(), { handleRequest })
  app.use(guarded(options))
  return app
}

const answerOutside = (server: Server, options: EdgeOptions): void => {
  const { newId, onRefused, onUpgrade, onError } = options
  const refused = (why: Failure | null, requestId: string, socket: Duplex): void => {
    const { remoteAddress: address = '' } = socket as Socket
    if (why !== null) onRefused({ why, requestId, address })
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const id = newId()
    refused(refuseConnection(error, socket, id), id, socket)
  })
  server.on('connect', (_message, socket) => {
    const id = newId()
    const why = failure('method_not_supported', 'client', 'none', {
      detail: 'This proxy opens no tunnels for CONNECT.',
    })
    socket.on('error', () => {})
    endWithProblem(socket, why, id)
    refused(why, id, socket)
  })
  server.on('upgrade', (message, socket, head) => {
    try {
      onUpgrade(server, message, socket as Socket, head)
    } catch (error) {
      onError(error)
      socket.destroy()
    }
  })
}

/** The public listener, before it listens. */
export interface Edge {
  readonly server: Server
  /** Null: nobody speaks HTTP/2 here. */
  readonly sessions: Http2Sessions | null
}

/** Hands the connections whose client asked for it over to HTTP/2; all others go on as they were. */
const speakHttp2 = (server: Server, options: EdgeOptions): Http2Sessions => {
  const { listen, serve, inFlight = () => 0, onLimit = () => {}, onError } = options
  const sessions = createHttp2Sessions({
    limits: listen.limits,
    inFlight,
    onLimit,
    serve: (arrival) =>
      serve(arrival).catch((error: unknown) => {
        onError(error)
        arrival.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
      }),
  })
  const speakHttp1 = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[]
  server.removeAllListeners('secureConnection')
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') sessions.accept(socket)
    else for (const speak of speakHttp1) speak.call(server, socket)
  })
  return sessions
}

const createTlsServer = (
  certificates: Certificates,
  made: ServerOptions,
  http2: boolean,
): Server => {
  const ALPNProtocols = [...(http2 ? ['h2'] : []), 'http/1.1', 'http/1.0']
  const tls = { ...certificates.options, ALPNProtocols, handshakeTimeout: 10_000 }
  const server = createHttpsServer({ ...made, ...tls })
  certificates.follow(server)
  return server
}

/** Makes the server; it does not listen yet. */
export const createEdgeServer = (options: EdgeOptions): Edge => {
  const { listen, certificates } = options
  const made = serverOptions(listen)
  const http2 = certificates !== null && listen.http2 !== false
  const server =
    certificates === null ? createHttpServer(made) : createTlsServer(certificates, made, http2)
  // Node would drop header lines in silence; `refuse` counts them.
  server.maxHeadersCount = 0
  const handle = createGate(server, options, createApp(options).callback())
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, handle)
  answerOutside(server, options)
  return { server, sessions: http2 ? speakHttp2(server, options) : null }
}
