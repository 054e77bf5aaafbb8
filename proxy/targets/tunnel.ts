/**
 * Joins a client that asked for another protocol with an upstream. The one door to http-proxy, of
 * which only the tunnel is used, and of that only what cannot hang, leak or garble: the listener
 * for errors comes first, either socket takes the other with it, and a refusal is relayed here.
 */
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import httpProxy from 'http-proxy'
import type { UpstreamConfig } from '../config/config.ts'
import { ProxyError } from '../errors.ts'
import type { Target } from '../stage.ts'
import { createRoundRobin } from './balance.ts'
import { type Origin, parseOrigin, serverName } from './connector.ts'
import { failure } from './failure.ts'
import { hostFor, outgoingLines } from './forwarded.ts'
import { rawHeader } from './raw-header.ts'
import type { InboundRequest, RawHeaders } from './send.ts'
import {
  allow,
  clientGone,
  createJoin,
  type Join,
  observe,
  onError,
  onJoined,
  onRefused,
  type TunnelObservation,
  type UpgradeCall,
} from './tunnel-join.ts'
import { groupLines } from './tunnel-reply.ts'
import type { UpstreamIo } from './upstream.ts'

export interface Tunnel {
  /** Tunnels, and upgrades not yet answered. */
  readonly inFlight: number
  /**
   * Resolves once the connection is over, whoever ended it; never rejects. For WebSocket, by GET,
   * alone: http-proxy hangs up on anything else.
   */
  join(from: Target, call: UpgradeCall): Promise<TunnelObservation>
  /** Ends every tunnel. */
  close(): void
}

/** Makes http-proxy's request the one that is to be sent, and takes over what comes of it. */
const prepare = (join: Join, outgoing: ClientRequest, lines: RawHeaders): void => {
  const { limits, from, isTls, now, call } = join
  join.outgoing = outgoing
  // http-proxy listens only once this has returned, and what throws below would leave nobody to.
  outgoing.on('error', () => {})
  outgoing.path = call.request.url
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name)
  for (const [name, values] of groupLines(lines)) outgoing.setHeader(name, values)
  allow(join, limits.connectMs, () => failure('connection_timeout', from, 'none'))
  outgoing.once('socket', (socket) => {
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      join.hasBegun = true
      const leftMs = call.request.receivedMs + limits.totalMs - now()
      const answerMs = Math.max(0, Math.min(leftMs, limits.firstByteMs))
      allow(join, answerMs, () => failure('http_response_timeout', from, 'unknown'))
    })
  })
  outgoing.prependListener('upgrade', (answer: IncomingMessage, upstream: Socket) =>
    onJoined(join, answer, upstream),
  )
  // http-proxy adds its own listener once this has returned.
  process.nextTick(() => {
    outgoing.removeAllListeners('response')
    outgoing.on('response', (answer: IncomingMessage) => onRefused(join, answer))
  })
}

const start = (join: Join, origin: Origin, lines: RawHeaders): void => {
  const { message, socket, head } = join.call
  // One for each tunnel: its events do not say which request they are about.
  const proxy = httpProxy.createProxyServer()
  proxy.once('proxyReqWs', (outgoing) => prepare(join, outgoing, lines))
  proxy.once('open', (upstream) => {
    join.downloadedBefore = socket.bytesWritten
    join.uploadedBefore = upstream.bytesWritten
  })
  const { protocol, hostname, port, socketPath } = origin
  const target = {
    protocol,
    host: hostname,
    port,
    ...(socketPath === null ? {} : { socketPath }),
  }
  const options = { target, toProxy: true, prependPath: false }
  const ssl = join.isTls ? { servername: serverName(origin) } : {}
  try {
    proxy.ws(message, socket, head, { ...options, ssl }, (error) => onError(join, error))
  } catch (error) {
    // Node refuses to send what its own parser has let through.
    onError(join, new ProxyError('http_request_error', 'cannot be sent', { cause: error }))
  }
}

/** The lines of an upgrade: what travels on, and the offer itself, which is of this hop. */
const upgradeLines = (lines: string[], request: InboundRequest): RawHeaders => [
  ...lines,
  'Connection',
  'Upgrade',
  'Upgrade',
  rawHeader(request.headers, 'upgrade') ?? 'websocket',
]

/** @throws TypeError where one of the URLs is no HTTP origin */
export const createTunnel = (config: UpstreamConfig, io: UpstreamIo): Tunnel => {
  const chooseOrigin = createRoundRobin(config.urls.map(parseOrigin))
  const joined = new Set<Socket>()
  const join = (from: Target, call: UpgradeCall): Promise<TunnelObservation> =>
    new Promise((resolve) => {
      const { socket, request } = call
      // Before anything else: a reset by the client would end the process.
      socket.on('error', () => {
        state.failure ??= clientGone
      })
      const origin = chooseOrigin()
      const state = createJoin(config, io.now, { from, call, isTls: origin.protocol === 'https:' })
      const end = (): void => {
        joined.delete(socket)
        clearTimeout(state.timer)
        state.outgoing?.destroy()
        state.upstream?.destroy()
        resolve(observe(state))
      }
      if (socket.destroyed) return end()
      joined.add(socket)
      socket.once('close', end)
      const host = hostFor(config.host, origin.authority)
      const lines = outgoingLines(request, { host, pseudonym: io.pseudonym })
      start(state, origin, upgradeLines(lines, request))
    })
  return {
    get inFlight() {
      return joined.size
    },
    join,
    close() {
      for (const socket of joined) socket.destroySoon()
    },
  }
}
