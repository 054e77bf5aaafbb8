/** An edge on a loopback port before one scripted `Send`, for tests of what a client sees. */
import { createConnection, type Socket } from 'node:net'
import { asFailure, problemResponse } from '../targets/failure.ts'
import type { InboundRequest, Observation, Send } from '../targets/send.ts'
import { silentLog } from '../telemetry/log.ts'
import { createCertificates } from './certificates.ts'
import { createExchange } from './exchange.ts'
import { listenOn } from './listen.ts'
import { plainListen } from './plain-config.ts'
import { createReceive } from './receive.ts'
import { replay } from './replay.ts'
import { respond } from './respond.ts'
import { createEdgeServer } from './server.ts'

export interface EdgeLab {
  readonly port: number
  /** What was received and observed so far, in the order of their ends. */
  readonly received: InboundRequest[]
  readonly seen: Observation[]
  /** Resolves with the next observation. */
  nextSeen(): Promise<Observation>
  connect(): Socket
  /** Writes bytes on a connection of its own; resolves with all that came until its end. */
  raw(bytes: string): Promise<string>
  drain(): void
  close(): Promise<void>
}

export interface EdgeLabOptions {
  readonly send: Send
  readonly listen?: Partial<ReturnType<typeof plainListen>>
  readonly pseudonym?: string
  /** Serves offers of another protocol as ordinary requests; else their connection is cut. */
  readonly replaysUpgrades?: boolean
}

export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
}

/** A promise and what settles it. */
export const deferred = <T>(): Deferred<T> => {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Everything that a socket receives, once it has ended or was cut. */
export const readAll = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => chunks.push(Buffer.from('<reset>')))
  // Not `once`, which would reject on the reset.
  await new Promise((resolve) => socket.on('close', resolve))
  return Buffer.concat(chunks).toString('latin1')
}

export const startEdge = async (options: EdgeLabOptions): Promise<EdgeLab> => {
  const listen = plainListen(options.listen)
  const received: InboundRequest[] = []
  const seen: Observation[] = []
  const waiting: ((one: Observation) => void)[] = []
  let draining = false
  const receive = createReceive({
    trustedProxies: listen.trustedProxies,
    headerCount: listen.limits.headerCount,
    pseudonym: options.pseudonym ?? null,
  })
  const exchangeOf = createExchange({ receive, isDraining: () => draining })
  const certificates = listen.tls === null ? null : createCertificates(listen.tls, silentLog)
  const { server, sessions } = createEdgeServer({
    listen,
    certificates,
    async serve(arrival) {
      const { request, client } = exchangeOf(arrival)
      received.push(request)
      const answer = request.refusal
        ? problemResponse(request.refusal, request.id)
        : await options
            .send(request, client)
            .catch((error: unknown) => problemResponse(asFailure(error), request.id))
      const one = await respond({ request, client }, answer)
      seen.push(one)
      waiting.shift()?.(one)
    },
    onUpgrade: options.replaysUpgrades ? replay : (_server, _message, socket) => socket.destroy(),
    newId: () => 'lab-id',
    onRefused: () => {},
    onError: (error) => {
      throw error
    },
  })
  const { port } = await listenOn(server, listen, 'listen')
  const connect = (): Socket => createConnection(port, '127.0.0.1')
  return {
    port,
    received,
    seen,
    connect,
    nextSeen: () => new Promise((resolve) => waiting.push(resolve)),
    raw(bytes) {
      const socket = connect()
      socket.write(bytes, 'latin1')
      return readAll(socket)
    },
    drain: () => {
      draining = true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        sessions?.destroy()
        certificates?.close()
      }),
  }
}
