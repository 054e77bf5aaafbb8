/** A named upstream: its pools, its places, and the `Send` that uses them. */
import { setTimeout } from 'node:timers/promises'
import type { UpstreamConfig } from '../config/config.ts'
import type { Target } from '../stage.ts'
import { createHttpSend } from './attempt.ts'
import { type AttemptEvents, unheard } from './attempt-events.ts'
import { createRoundRobin } from './balance.ts'
import { createBulkhead } from './bulkhead.ts'
import { createConnector, parseOrigin } from './connector.ts'
import { hostFor, outgoingLines, outgoingTrailers } from './forwarded.ts'
import { createHttpPool } from './http.ts'
import { createHttp1Wire } from './http1/pool.ts'
import { rawHeader } from './raw-header.ts'
import type { InboundRequest, Send } from './send.ts'
import { createWatch } from './watch.ts'
import type { Wire, WireMaker } from './wire.ts'

export interface UpstreamIo {
  /** `viaToken` of this instance. */
  readonly pseudonym: string
  /** Monotonic milliseconds, of the same clock as `receivedMs`. */
  readonly now: () => number
}

export interface Upstream {
  readonly name: string
  /** Exchanges that hold a place, their bodies included. */
  readonly inFlight: number
  /** Requests that wait for a place. */
  readonly pending: number
  /** @param events what to tell of each attempt; the caller knows for which route */
  send(target: Target, events?: AttemptEvents): Send
  /**
   * Lets what is in flight or waits come to its end; after `graceMs` (default 60 s) breaks it off.
   * Until then a request that still holds an old snapshot is served; later ones fail with
   * `destination_unavailable`, effect none.
   */
  close(graceMs?: number): Promise<void>
}

/** How late a limit may be noticed. */
const watchMs = 25

const wires: Readonly<Record<NonNullable<UpstreamConfig['wire']>, WireMaker>> = {
  own: createHttp1Wire,
  undici: createHttpPool,
}

const createWire = (
  { pool, timeouts, wire = 'own' }: UpstreamConfig,
  { now }: UpstreamIo,
  url: string,
): Wire => {
  const origin = parseOrigin(url)
  const { connections, keepAliveMs } = pool
  const connect = createConnector(origin, timeouts.connectMs)
  return wires[wire](origin, { connections, keepAliveMs, connect, now })
}

const hasHost = ({ headers }: InboundRequest): boolean => rawHeader(headers, 'host') !== null

/** @throws TypeError where one of the URLs is no HTTP origin */
export const createUpstream = (config: UpstreamConfig, io: UpstreamIo): Upstream => {
  const pools = config.urls.map((url) => createWire(config, io, url))
  const choosePool = createRoundRobin(pools)
  const bulkhead = createBulkhead({
    places: config.pool.connections,
    maxPending: config.pool.maxPending,
    queueTimeoutMs: config.pool.queueTimeoutMs,
    now: io.now,
  })
  const watch = createWatch(watchMs, io.now)
  let closing: Promise<void> | null = null
  const finish = async (graceMs: number): Promise<void> => {
    const patience = new AbortController()
    const grace = setTimeout(graceMs, undefined, { signal: patience.signal }).catch(() => {})
    await Promise.race([bulkhead.idle(), grace])
    patience.abort()
    await Promise.all(pools.map((pool) => pool.close()))
  }
  return {
    name: config.name,
    get inFlight() {
      return bulkhead.inFlight
    },
    get pending() {
      return bulkhead.pending
    },
    send: (target, events = unheard) =>
      createHttpSend({
        from: target,
        bulkhead,
        limits: config.timeouts,
        now: io.now,
        watch,
        events,
        choosePool,
        outgoingTrailers,
        outgoing: (request, { authority }) =>
          outgoingLines(request, {
            // HTTP/1.0 may do without a Host; what is sent here may not.
            host: hostFor(config.host, authority) ?? (hasHost(request) ? null : authority),
            pseudonym: io.pseudonym,
          }),
      }),
    close(graceMs = 60_000) {
      closing ??= finish(graceMs)
      return closing
    },
  }
}
