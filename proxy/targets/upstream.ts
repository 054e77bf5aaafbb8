/** A named upstream: its addresses, its places, and the `Send` that uses them. */
import { setTimeout } from 'node:timers/promises'
import type { AddressStatus } from '../admin/status.ts'
import type { UpstreamConfig } from '../config/config.ts'
import type { Target } from '../stage.ts'
import type { Address } from './address.ts'
import { type AddressChoice, createAddressChoice } from './address-choice.ts'
import { createHttpSend } from './attempt.ts'
import { type AttemptEvents, unheard } from './attempt-events.ts'
import { type Bulkhead, createBulkhead } from './bulkhead.ts'
import { hostFor, outgoingLines, outgoingTrailers } from './forwarded.ts'
import type { Lookup } from './host-name.ts'
import { rawHeader } from './raw-header.ts'
import { createRetryBudget } from './retry.ts'
import type { InboundRequest, Send } from './send.ts'
import type { StandingBreaker } from './standing-breaker.ts'
import { uncounted } from './uncounted.ts'
import { type AddressEvents, createAddresses } from './upstream-addresses.ts'
import { createWatch } from './watch.ts'

export interface UpstreamIo {
  /** `viaToken` of this instance. */
  readonly pseudonym: string
  /** Monotonic milliseconds, of the same clock as `receivedMs`. */
  readonly now: () => number
  /** Whether all that is sent is asked for a comparison only; absent: none of it is. */
  readonly isShadow?: boolean
  /** 0 <= n < 1; absent: Math.random. */
  readonly random?: () => number
  /** Absent: the system's. */
  readonly lookup?: Lookup
  /** The breaker of one address; absent: nothing is counted. */
  readonly breakerOf?: (config: UpstreamConfig, url: string) => StandingBreaker
  /** What the addresses and the attempts of an upstream tell; absent: nobody hears it. */
  readonly events?: (upstream: string) => AddressEvents & Pick<AttemptEvents, 'retried'>
}

export interface SendOptions {
  /** What to tell of each attempt; the caller knows for which route. */
  readonly events?: AttemptEvents
  /** Whether the breakers hear of it; default true. */
  readonly counts?: boolean
}

export interface Upstream extends Pick<AddressChoice, 'blocked'> {
  readonly name: string
  /** Exchanges that hold a place, their bodies included. */
  readonly inFlight: number
  /** Requests that wait for a place. */
  readonly pending: number
  readonly breakers: readonly StandingBreaker[]
  addresses(): readonly AddressStatus[]
  send(target: Target, options?: SendOptions): Send
  /** Where a connection of its own for this request goes, as an upgrade needs one. */
  choose(request: InboundRequest): Pick<Address, 'origin' | 'connect' | 'breaker'>
  /** Begins to ask how the addresses are, and what their names stand for. Again: does nothing. */
  start(): void
  /**
   * Lets what is in flight or waits come to its end; after `graceMs` (default 60 s) breaks it off.
   * Until then a request that still holds an old snapshot is served; later ones fail with
   * `destination_unavailable`, effect none.
   */
  close(graceMs?: number): Promise<void>
}

/** How late a limit may be noticed. */
const watchMs = 25

const unheardAddresses: AddressEvents = { health: () => {}, name: () => {}, tls: () => {} }

const hasHost = ({ headers }: InboundRequest): boolean => rawHeader(headers, 'host') !== null

const statusOf = ({ url, health, inFlight }: Address): AddressStatus => ({
  url,
  healthy: health.verdict(),
  inFlight,
})

const outgoingOf =
  ({ host }: UpstreamConfig, { pseudonym, isShadow = false }: UpstreamIo) =>
  (request: InboundRequest, authority: string): string[] =>
    outgoingLines(request, {
      // HTTP/1.0 may do without a Host; what is sent here may not.
      host: hostFor(host, authority) ?? (hasHost(request) ? null : authority),
      pseudonym,
      isShadow,
    })

/** How an upstream ends: what `Upstream.close` says. */
const createClose = (bulkhead: Bulkhead, close: () => Promise<void>): Upstream['close'] => {
  let closing: Promise<void> | null = null
  const finish = async (graceMs: number): Promise<void> => {
    const patience = new AbortController()
    const grace = setTimeout(graceMs, undefined, { signal: patience.signal }).catch(() => {})
    await Promise.race([bulkhead.idle(), grace])
    patience.abort()
    await close()
  }
  return (graceMs = 60_000) => {
    closing ??= finish(graceMs)
    return closing
  }
}

/** @throws Error where one of the URLs is no HTTP origin, or a file of `tls` cannot be used */
export const createUpstream = (config: UpstreamConfig, io: UpstreamIo): Upstream => {
  const { now, random = Math.random, lookup, breakerOf = () => uncounted } = io
  const told = io.events?.(config.name)
  const breakers = new Map(config.urls.map((url) => [url, breakerOf(config, url)]))
  const addresses = createAddresses(config, {
    now,
    random,
    lookup,
    events: told ?? unheardAddresses,
    breakerOf: (url) => breakers.get(url)?.breaker ?? uncounted.breaker,
  })
  const [first] = addresses.all
  const { choose, blocked } = createAddressChoice(
    addresses.all,
    config.balance ?? 'roundRobin',
    random,
  )
  const bulkhead = createBulkhead({
    places: config.pool.connections,
    maxPending: config.pool.maxPending,
    queueTimeoutMs: config.pool.queueTimeoutMs,
    now,
  })
  const terms = {
    bulkhead,
    limits: config.timeouts,
    now,
    watch: createWatch(watchMs, now),
    choose,
    retries: {
      max: config.retries?.max ?? 0,
      budget: createRetryBudget(config.retries?.budgetBp ?? 0),
    },
    outgoingTrailers,
    outgoing: outgoingOf(config, io),
  }
  const own: AttemptEvents = told === undefined ? unheard : { ...unheard, retried: told.retried }
  return {
    name: config.name,
    get inFlight() {
      return bulkhead.inFlight
    },
    get pending() {
      return bulkhead.pending
    },
    breakers: [...breakers.values()],
    addresses: () => addresses.all.map(statusOf),
    blocked,
    send: (from, { events = own, counts = true } = {}) =>
      createHttpSend({ ...terms, from, events, counts }),
    choose: (request) => choose(request, []) ?? first,
    start: addresses.start,
    close: createClose(bulkhead, () => {
      for (const { breaker } of breakers.values()) breaker.close()
      return addresses.close()
    }),
  }
}
