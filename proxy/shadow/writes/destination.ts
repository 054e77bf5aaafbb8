/** Where what a handler sends is to go, and whether the config lets it. Pure. */
import { redactPath } from '../../telemetry/redact-url.ts'

/** `host:port`, or the path of a socket. */
export type Destination =
  | { readonly host: string; readonly port: string }
  | { readonly path: string }

const longest = 100

/** The name of a host or the path of a file, for people: without what looks like a secret. */
export const placeText = (place: string): string => redactPath(place).slice(0, longest)

/** For people. */
export const destinationText = (to: Destination): string =>
  'path' in to ? placeText(to.path) : `${placeText(to.host)}:${to.port}`

const hostOf = (given: unknown): string => (typeof given === 'string' ? given : 'localhost')

/** As `Socket.connect` takes it: options, maybe in a list; a port and a host; a path. */
export const socketDestination = (given: readonly unknown[]): Destination => {
  const [first, second] = Array.isArray(given[0]) ? given[0] : given
  if (typeof first !== 'object' || first === null)
    return Number.isInteger(Number(first))
      ? { host: hostOf(second), port: String(first) }
      : { path: String(first) }
  const { host, port, path } = first as Readonly<Record<string, unknown>>
  return path == null ? { host: hostOf(host), port: String(port) } : { path: String(path) }
}

const portOf = (given: unknown): string => (/^\d+$/.test(String(given)) ? String(given) : '?')

/** As `Socket.send` of a datagram takes it: what is sent, maybe with its part of that, a port, a host. */
export const datagramDestination = ([, ...given]: readonly unknown[]): Destination => {
  const [first, second, third, fourth] = given
  const isOfPart = Boolean(fourth) || (Boolean(third) && typeof third !== 'function')
  const [port, host] = isOfPart ? [third, fourth] : [first, second]
  return { host: hostOf(host), port: portOf(port) }
}

export interface Reach {
  destination(to: Destination): boolean
  /** Whether its address may be asked for. */
  name(host: string): boolean
}

const form = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/

interface Allowed {
  readonly host: string
  /** Null: any. */
  readonly port: string | null
}

const allowedOf = (pattern: string): Allowed => {
  const [, host = '', port = null] = form.exec(pattern.toLowerCase()) ?? []
  return { host: host.replace(/^\[|\]$/g, ''), port }
}

const isHost = (given: string, { host }: Allowed): boolean => {
  const name = given.toLowerCase().replace(/\.$/, '')
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host
}

/** @param patterns `search.internal:9200`, `*.internal`, `[::1]:6379`; without a port: any of the host */
export const createReach = (patterns: readonly string[]): Reach => {
  const all = patterns.map(allowedOf)
  return {
    destination: (to) =>
      'host' in to &&
      all.some((each) => isHost(to.host, each) && (each.port ?? to.port) === to.port),
    name: (host) => all.some((each) => isHost(host, each)),
  }
}
