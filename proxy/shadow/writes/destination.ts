/** Where what a handler sends is to go, and whether the config lets it. Pure. */

/** `host:port`, or the path of a socket. */
export type Destination =
  | { readonly host: string; readonly port: string }
  | { readonly path: string }

const longest = 100

/** For people. */
export const destinationText = (to: Destination): string =>
  ('path' in to ? to.path : `${to.host}:${to.port}`).slice(0, longest)

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

/** Of `send` and `connect` of a datagram the last number is the port, and an address may follow. */
export const datagramDestination = (given: readonly unknown[]): Destination => {
  const at = given.findLastIndex((each) => typeof each === 'number')
  return { host: hostOf(given[at + 1]), port: String(given[at] ?? '?') }
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
