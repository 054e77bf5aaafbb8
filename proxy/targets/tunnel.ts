/**
 * Joins a client that asked for another protocol with an upstream. The one door to http-proxy, of
 * which only the tunnel is used, and of that only what cannot hang, leak or garble: the listener
 * for errors comes first, either socket takes the other with it, and a refusal is relayed here.
 */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import httpProxy from 'http-proxy'
import type { UpstreamConfig } from '../config/config.ts'
import { ProxyError } from '../errors.ts'
import type { Target } from '../stage.ts'
import { createRoundRobin } from './balance.ts'
import type { Breaker } from './breaker.ts'
import { addressResult } from './call-result.ts'
import { type Connect, createConnector, type Origin, parseOrigin } from './connector.ts'
import { hostFor, outgoingLines } from './forwarded.ts'
import { rawHeader } from './raw-header.ts'
import type { InboundRequest, RawHeaders } from './send.ts'
import {
  clientGone,
  createJoin,
  type Join,
  observe,
  onConnected,
  onError,
  onJoined,
  onOpen,
  onRefused,
  type TunnelEvents,
  type TunnelObservation,
  type UpgradeCall,
} from './tunnel-join.ts'
import { part, watchSilence } from './tunnel-part.ts'
import { groupLines } from './tunnel-reply.ts'
import type { UpstreamIo } from './upstream.ts'
import { createWatch } from './watch.ts'

export interface Tunnel {
  /** Tunnels, and upgrades not yet answered. */
  readonly inFlight: number
  /**
   * Resolves once the connection is over, whoever ended it; never rejects. For requests without a
   * body alone.
   */
  join(from: Target, call: UpgradeCall, events?: TunnelEvents): Promise<TunnelObservation>
  /** Ends every tunnel, within half a second; returns how many there were. */
  close(): number
}

/** An address, the way there, and the breaker that hears how it went. */
interface Way {
  readonly origin: Origin
  readonly connect: Connect
  readonly breaker?: Breaker
}

export interface TunnelIo extends Pick<UpstreamIo, 'pseudonym' | 'now'> {
  /** Which address it is; absent: in turn, by the URL alone. */
  readonly choose?: (request: InboundRequest) => Way
}

const unheard: TunnelEvents = { answered: () => {}, failed: () => {} }

/** Node's own agents open sockets of their own; this one takes them from a connector. */
const createAgent = (join: Join, connect: Connect): Agent => {
  const addRequest = (outgoing: ClientRequest): void => {
    connect((error, socket) => {
      const given = outgoing.onSocket as (socket: Socket | null, error?: Error | null) => void
      if (socket === null || outgoing.destroyed) {
        socket?.destroy()
        given.call(outgoing, null, error)
        return
      }
      onConnected(join)
      // After a refusal there is nothing more to ask.
      socket.once('free', () => socket.destroy())
      outgoing.onSocket(socket)
    })
  }
  return { addRequest } as unknown as Agent
}

/** Makes http-proxy's request the one that is to be sent, and takes over what comes of it. */
const prepare = (join: Join, outgoing: ClientRequest, lines: RawHeaders): void => {
  const { request } = join.call
  join.outgoing = outgoing
  // http-proxy listens only once this has returned, and what throws below would leave nobody to.
  outgoing.on('error', () => {})
  outgoing.method = request.method
  outgoing.path = request.url
  for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name)
  for (const [name, values] of groupLines(lines)) outgoing.setHeader(name, values)
  outgoing.prependListener('upgrade', (answer: IncomingMessage, upstream: Socket) =>
    onJoined(join, answer, upstream),
  )
  // http-proxy adds its own listener once this has returned.
  process.nextTick(() => {
    outgoing.removeAllListeners('response')
    outgoing.on('response', (answer: IncomingMessage) => onRefused(join, answer))
  })
}

/** All that http-proxy gets to see of a request: it refuses protocols that it does not know. */
const anyUpgrade = { method: 'GET', url: '/', headers: { upgrade: 'websocket' } }

/** As much as any answer's head may hold. */
const maxHeaderSize = 65_536

const start = (join: Join, connect: Connect, lines: RawHeaders): void => {
  const { socket, head } = join.call
  // One for each tunnel: its events do not say which request they are about.
  const proxy = httpProxy.createProxyServer()
  proxy.once('proxyReqWs', (outgoing) => prepare(join, outgoing, lines))
  proxy.once('open', (upstream) => onOpen(join, upstream))
  const options = {
    target: { protocol: 'http:', host: 'localhost', port: 80 },
    toProxy: true,
    agent: createAgent(join, connect),
    // It passes these on to the request as they are.
    ssl: { maxHeaderSize },
  }
  const asked = anyUpgrade as unknown as IncomingMessage
  try {
    proxy.ws(asked, socket, head, options, (error) => onError(join, error))
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

/** Often enough to notice silence within an eighth of its limit, and never busily. */
const lookEveryMs = ({ idleMs, tunnelIdleMs = idleMs }: UpstreamConfig['timeouts']): number =>
  Math.max(10, Math.min(1_000, Math.min(idleMs, tunnelIdleMs) / 8))

/** When the client's socket is closed, all of it is over. */
const onClosed = (join: Join): TunnelObservation => {
  const { outgoing, upstream, ending, events } = join
  outgoing?.destroy()
  if (ending === 'idle' || ending === 'drain') upstream?.destroySoon()
  else {
    clearTimeout(join.timer)
    upstream?.destroy()
  }
  if (join.status === null) events.failed(clientGone)
  return observe(join)
}

/** Lets the breaker of an address hear what its tunnels come to. */
const counted = (events: TunnelEvents, breaker: Breaker | undefined): TunnelEvents => {
  if (breaker === undefined) return events
  const call = breaker.begin()
  return {
    answered(status) {
      breaker.record(call, addressResult.answer({ status }))
      events.answered(status)
    },
    failed(why) {
      breaker.record(call, addressResult.failure(why))
      events.failed(why)
    },
  }
}

const inTurn = ({ timeouts, urls }: UpstreamConfig): (() => Way) =>
  createRoundRobin(
    urls.map((url) => {
      const origin = parseOrigin(url)
      return { origin, connect: createConnector(origin, timeouts.connectMs) }
    }),
  )

/** @throws TypeError where one of the URLs is no HTTP origin */
export const createTunnel = (config: UpstreamConfig, io: TunnelIo): Tunnel => {
  const { timeouts } = config
  const chooseWay = io.choose ?? inTurn(config)
  const watch = createWatch(lookEveryMs(timeouts), io.now)
  const joins = new Set<Join>()
  const join: Tunnel['join'] = (from, call, events = unheard) =>
    new Promise((resolve) => {
      const { socket, request } = call
      // Before anything else: a reset by the client would end the process.
      socket.on('error', () => {
        state.failure ??= clientGone
      })
      const { origin, connect, breaker } = chooseWay(request)
      const isTls = origin.protocol === 'https:'
      const state = createJoin(config, io.now, {
        from,
        call,
        isTls,
        events: counted(events, breaker),
      })
      const watched = watchSilence(state)
      const end = (): void => {
        joins.delete(state)
        watch.remove(watched)
        resolve(onClosed(state))
      }
      if (socket.destroyed) return end()
      joins.add(state)
      watch.add(watched)
      socket.once('close', end)
      const host = hostFor(config.host, origin.authority)
      const lines = outgoingLines(request, { host, pseudonym: io.pseudonym })
      start(state, connect, upgradeLines(lines, request))
    })
  return {
    get inFlight() {
      return joins.size
    },
    join,
    close() {
      const { size } = joins
      for (const each of joins) part(each, 'drain')
      return size
    },
  }
}
