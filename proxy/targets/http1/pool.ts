/**
 * The connections to one origin. Whoever dispatches holds a place of a bulkhead, so there is no
 * queue here: an exchange takes the connection that was used last, or opens one.
 */
import type { Socket } from 'node:net'
import { ProxyError } from '../../errors.ts'
import type { Connect } from '../connector.ts'
import type { WireListener, WireMaker, WireRequest } from '../wire.ts'
import { type Connection, type ConnectionOwner, createConnection } from './connection.ts'
import { requestHead } from './request-head.ts'

interface Idle {
  readonly connection: Connection
  readonly dueMs: number
}

/** An exchange for which a connection is being opened. */
interface Opening {
  readonly request: WireRequest
  readonly head: string
  readonly listener: WireListener
}

/**
 * How long a connection may lie idle: shorter than the upstream keeps it, by what a request may take
 * on its way there.
 */
export const idleMs = (keepAliveMs: number, seconds: number | null): number => {
  if (seconds === null) return keepAliveMs
  return Math.min(keepAliveMs, Math.max(seconds * 1_000 - 1_000, seconds * 500))
}

const unavailable = (): ProxyError =>
  new ProxyError('destination_unavailable', 'the connections to this upstream are closed')

/** Connections that wait for an exchange, each for a time of its own; one timer serves them all. */
const createShelf = (now: () => number) => {
  const idles: Idle[] = []
  let timer: NodeJS.Timeout | null = null
  const expired = (): ProxyError => new ProxyError('connection_terminated', 'idle for too long')
  const arm = (): void => {
    if (timer !== null || idles.length === 0) return
    const dueMs = Math.min(...idles.map((idle) => idle.dueMs))
    timer = setTimeout(sweep, Math.max(1, Math.ceil(dueMs - now())))
  }
  const sweep = (): void => {
    timer = null
    const nowMs = now()
    for (const { connection, dueMs } of [...idles]) {
      if (dueMs <= nowMs) connection.destroy(expired())
    }
    arm()
  }
  return {
    put(connection: Connection, dueMs: number): void {
      idles.push({ connection, dueMs })
      arm()
    },
    /** The one that was used last, for it is the least likely to be closed. */
    take(): Connection | null {
      const nowMs = now()
      for (let last = idles.pop(); last !== undefined; last = idles.pop()) {
        if (last.dueMs > nowMs) return last.connection
        last.connection.destroy(expired())
      }
      return null
    },
    all: (): readonly Connection[] => idles.map(({ connection }) => connection),
    /** The one that was used first. */
    oldest: (): Connection | undefined => idles[0]?.connection,
    remove(connection: Connection): void {
      const at = idles.findIndex((idle) => idle.connection === connection)
      if (at >= 0) idles.splice(at, 1)
      if (idles.length > 0 || timer === null) return
      clearTimeout(timer)
      timer = null
    },
  }
}

/** The head of a request; null where it cannot be sent, which its listener then knows. */
const headOf = (request: WireRequest, listener: WireListener): string | null => {
  try {
    return requestHead(request)
  } catch (error) {
    listener.failed(error)
    return null
  }
}

/** The expectation was not answered once: it is not sent again, or every upload would wait. */
const withoutExpectation = (request: WireRequest): WireRequest =>
  request.expectsContinue ? { ...request, expectsContinue: false } : request

/** Exchanges for which connections are being opened. */
const createOpenings = (connect: Connect, begin: (socket: Socket, exchange: Opening) => void) => {
  const openings = new Set<Opening>()
  return {
    size: (): number => openings.size,
    add(exchange: Opening): void {
      openings.add(exchange)
      connect((error, socket) => {
        // Whoever is no longer there has been told already.
        const isAwaited = openings.delete(exchange)
        if (socket === null) {
          if (isAwaited) exchange.listener.failed(error)
        } else if (isAwaited) begin(socket, exchange)
        else socket.destroy()
      })
    },
    refuse(): void {
      for (const exchange of openings) {
        openings.delete(exchange)
        exchange.listener.failed(unavailable())
      }
    },
  }
}

/** Opens the connections to one origin on demand. */
export const createHttp1Wire: WireMaker = (origin, options) => {
  const { connections, keepAliveMs, connect, now, isStale = () => false } = options
  const shelf = createShelf(now)
  const open = new Map<Connection, Socket>()
  let isClosed = false
  let heedsExpect = true

  const leadsAstray = (connection: Connection): boolean => {
    const socket = open.get(connection)
    return socket !== undefined && isStale(socket)
  }
  const owner: ConnectionOwner = {
    idle(connection, seconds) {
      if (isClosed || leadsAstray(connection)) connection.destroy(unavailable())
      else shelf.put(connection, now() + idleMs(keepAliveMs, seconds))
    },
    gone(connection) {
      open.delete(connection)
      shelf.remove(connection)
    },
    unheeded() {
      heedsExpect = false
    },
  }
  const openings = createOpenings(connect, (socket, { request, head, listener }) => {
    const connection = createConnection(socket, owner)
    open.set(connection, socket)
    connection.send(request, head, listener)
  })
  return {
    isTls: origin.protocol === 'https:',
    authority: origin.authority,
    dispatch(given, listener) {
      if (isClosed) return listener.failed(unavailable())
      const request = heedsExpect ? given : withoutExpectation(given)
      const head = headOf(request, listener)
      if (head === null) return
      const known = request.needsFresh ? null : shelf.take()
      if (known !== null) return known.send(request, head, listener)
      if (open.size + openings.size() >= connections) shelf.oldest()?.destroy(unavailable())
      openings.add({ request, head, listener })
    },
    prune() {
      for (const connection of shelf.all().filter(leadsAstray)) connection.destroy(unavailable())
    },
    close() {
      isClosed = true
      openings.refuse()
      for (const connection of open.keys()) connection.destroy(unavailable())
      return Promise.resolve()
    },
  }
}
