/** The addresses of one upstream, each with its connections, its breaker and its health. */
import { isIP } from 'node:net'
import type { UpstreamConfig } from '../config/config.ts'
import { type Address, createAddress } from './address.ts'
import { type AddressHealth, createAddressHealth, type HealthEvent } from './address-health.ts'
import type { Breaker } from './breaker.ts'
import { type Connect, createDial, type Dial, type Origin, parseOrigin } from './connector.ts'
import { hostFor } from './forwarded.ts'
import { createHostName, type HostName, type Lookup, lookupAll } from './host-name.ts'
import { createHttpPool } from './http.ts'
import { createHttp1Wire } from './http1/pool.ts'
import { createNamedConnector, type NamedConnector } from './named-connector.ts'
import { createProbe, type Probe } from './probe.ts'
import { isUnconnected } from './retry.ts'
import { createSecureFiles, type SecureFiles } from './upstream-tls.ts'
import type { WireMaker } from './wire.ts'
import { wireFailure } from './wire-failure.ts'

/** What an address says of itself. Must not throw. */
export interface AddressEvents {
  health(url: string, event: HealthEvent): void
  /** A name has no answer any more (why), or has one again (null). */
  name(url: string, error: unknown): void
  /** Changed files of `tls` cannot be used (why), or can again (null). */
  tls(error: unknown): void
}

export interface AddressesIo {
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** 0 <= n < 1. */
  readonly random: () => number
  readonly lookup?: Lookup | undefined
  readonly events: AddressEvents
  breakerOf(url: string): Breaker
}

export interface Addresses {
  readonly all: readonly [Address, ...Address[]]
  /** Begins to ask how they are, and what their names stand for. */
  start(): void
  close(): Promise<void>
}

const wires: Readonly<Record<NonNullable<UpstreamConfig['wire']>, WireMaker>> = {
  own: createHttp1Wire,
  undici: createHttpPool,
}

/** How an address is reached, and where its name leads; null: it has no name to look up. */
interface Way extends Pick<NamedConnector, 'connect'> {
  readonly isStale?: NamedConnector['isStale']
  readonly name: HostName | null
}

interface WayParts {
  readonly config: UpstreamConfig
  readonly io: AddressesIo
  readonly secure: SecureFiles | null
  readonly url: string
  readonly origin: Origin
  readonly onChange: () => void
}

const wayTo = ({ config, io, secure, url, origin, onChange }: WayParts): Way => {
  const dial: Dial = createDial(origin, secure?.now)
  const { hostname, socketPath } = origin
  const { connectMs } = config.timeouts
  const refreshMs = config.dns?.refreshMs
  if (socketPath !== null || isIP(hostname) !== 0 || refreshMs === undefined) {
    return { connect: (done) => dial(hostname, connectMs, done), name: null }
  }
  const name = createHostName(hostname, {
    lookup: io.lookup ?? lookupAll,
    refreshMs,
    onChange,
    onTrouble: (error) => io.events.name(url, error),
  })
  return { ...createNamedConnector({ dial, name, connectMs, now: io.now }), name }
}

/** Tells health what becomes of the connections that requests open. */
const withReport =
  (connect: Connect, health: AddressHealth, isTls: boolean): Connect =>
  (done) =>
    connect((error, socket) => {
      if (socket !== null) health.connected(true)
      else if (isUnconnected(wireFailure(error, { ...unsent, isTls }))) health.connected(false)
      done(error, socket)
    })

const unsent = { from: 'legacy', hasBegun: false, hasHead: false } as const

/** How many may be left out because connections fail: half of them, rounded up, never the last. */
const mostEjected = (all: number): number => Math.min(all - 1, Math.ceil(all / 2))

const createProbeOf = (
  { health: config, host: wanted, timeouts }: UpstreamConfig,
  { now, random }: AddressesIo,
  { connect }: Way,
  about: { readonly origin: Origin; readonly health: AddressHealth },
): Probe | null => {
  if (config === null || config === undefined) return null
  const { origin, health } = about
  const wire = createHttpPool(origin, {
    connections: 1,
    keepAliveMs: timeouts.connectMs,
    connect,
    now,
  })
  const host = hostFor(wanted, origin.authority) ?? origin.authority
  return createProbe({ config, wire, host, random, report: health.probed })
}

/** One address, and what goes on for it in the background. */
interface Member {
  readonly address: Address
  readonly name: HostName | null
  readonly probe: Probe | null
}

/** What the addresses of an upstream share. */
interface Shared {
  readonly secure: SecureFiles | null
  readonly mayEject: () => boolean
}

const createMember = (
  config: UpstreamConfig,
  io: AddressesIo,
  url: string,
  { secure, mayEject }: Shared,
): Member => {
  const origin = parseOrigin(url)
  const isTls = origin.protocol === 'https:'
  const way = wayTo({ config, io, secure, url, origin, onChange: () => wire.prune() })
  const health = createAddressHealth({
    probes: config.health ?? null,
    slowStartMs: config.slowStartMs ?? 0,
    now: io.now,
    mayEject,
    tell: (event) => io.events.health(url, event),
  })
  const connect = withReport(way.connect, health, isTls)
  const { connections, keepAliveMs } = config.pool
  const wire = wires[config.wire ?? 'own'](origin, {
    connections,
    keepAliveMs,
    connect,
    isStale: way.isStale,
    now: io.now,
  })
  return {
    address: createAddress({ url, origin, connect, wire, health, breaker: io.breakerOf(url) }),
    name: way.name,
    probe: createProbeOf(config, io, way, { origin, health }),
  }
}

/** How often the files of `tls` are looked at. */
const tlsEveryMs = 60_000

/** @throws Error where a URL is no HTTP origin, or a file of `tls` cannot be used */
export const createAddresses = (config: UpstreamConfig, io: AddressesIo): Addresses => {
  const ejected = (): number => members.filter(({ address }) => address.health.isEjected()).length
  const mayEject = (): boolean => ejected() < mostEjected(members.length)
  const onTrouble = (error: unknown): void => io.events.tls(error)
  const secure =
    config.tls == null ? null : createSecureFiles(config.tls, { everyMs: tlsEveryMs, onTrouble })
  const members = config.urls.map((url) => createMember(config, io, url, { secure, mayEject }))
  const [first, ...others] = members.map(({ address }) => address)
  if (first === undefined) throw new TypeError(`upstream ${config.name} has no address`)
  return {
    all: [first, ...others],
    start() {
      secure?.start()
      for (const { name, probe } of members) {
        name?.start()
        probe?.start()
      }
    },
    async close() {
      secure?.close()
      for (const { name } of members) name?.close()
      await Promise.all(
        members.flatMap(({ address, probe }) => [address.wire.close(), probe?.close()]),
      )
    },
  }
}
