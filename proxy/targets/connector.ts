/** Opens sockets to one origin, within a time limit that undici's own coarse timers cannot keep. */
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls'
import { ProxyError } from '../errors.ts'

/** Where an upstream listens. */
export interface Origin {
  readonly protocol: 'http:' | 'https:'
  /** Without brackets. */
  readonly hostname: string
  readonly port: number
  /** `host:port` as it stands in the URL: what `host: target` sends. */
  readonly authority: string
  /** Path of a unix socket; null: TCP. */
  readonly socketPath: string | null
}

/** @param url `http://host:port`, `https://host:port` or `unix:/path`; throws a TypeError otherwise */
export const parseOrigin = (url: string): Origin => {
  if (url.startsWith('unix:')) {
    const socketPath = url.slice('unix:'.length)
    return {
      protocol: 'http:',
      hostname: 'localhost',
      port: 80,
      authority: 'localhost',
      socketPath,
    }
  }
  const { protocol, hostname, port, host } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`${url} is not an HTTP origin: use http://, https:// or unix:`)
  }
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    authority: host,
    socketPath: null,
  }
}

/** The name that a certificate must bear; empty for an address, which has no server name. */
export const serverName = ({ hostname }: Origin): string => (isIP(hostname) === 0 ? hostname : '')

/** Gives a socket that is ready for HTTP, or the reason why there is none. */
export type Connect = (done: (error: Error | null, socket: Socket | null) => void) => void

/** What TLS to an upstream goes by, where it is not what TLS always goes by. */
export interface SecureOptions {
  /** Whom to believe, and who Banyan is. */
  readonly secureContext?: SecureContext
  /** Asked for and verified; absent: `serverName` of the origin. */
  readonly servername?: string
  /** Absent: true. */
  readonly rejectUnauthorized?: boolean
}

/** Opens a socket to one host of an origin, within `ms`. */
export type Dial = (host: string, ms: number, done: Parameters<Connect>[0]) => void

interface Way extends SecureOptions {
  readonly origin: Origin
  readonly host: string
  readonly session: Buffer | undefined
}

const open = ({ origin, host, session, ...secure }: Way): Socket | TLSSocket => {
  if (origin.socketPath !== null) return connectTcp({ path: origin.socketPath })
  const { port } = origin
  if (origin.protocol === 'http:') return connectTcp({ host, port, noDelay: true, keepAlive: true })
  return connectTls({
    host,
    port,
    // Never the client's Host: it would choose whose certificate is good enough.
    servername: serverName(origin),
    ...secure,
    ALPNProtocols: ['http/1.1'],
    ...(session === undefined ? {} : { session }),
  })
}

const nothingOwn: SecureOptions = {}

/** @param secureNow what holds for the connections that are opened from now on */
export const createDial = (origin: Origin, secureNow = (): SecureOptions => nothingOwn): Dial => {
  let session: Buffer | undefined
  let sessionOf = nothingOwn
  return (host, ms, done) => {
    const secure = secureNow()
    // Whoever is believed no longer must not come back by a session of before.
    if (secure !== sessionOf) session = undefined
    sessionOf = secure
    const socket = open({ origin, host, session, ...secure })
    const isTls = origin.protocol === 'https:'
    let isSettled = false
    const settle = (error: Error | null): void => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      if (error === null) done(null, socket)
      else {
        socket.destroy()
        done(error, null)
      }
    }
    const timer = setTimeout(
      () =>
        settle(new ProxyError('connection_timeout', `no connection within ${Math.round(ms)} ms`)),
      ms,
    )
    if (isTls) {
      socket.setNoDelay(true).setKeepAlive(true)
      socket.on('session', (given: Buffer) => {
        if (secure === sessionOf) session = given
      })
    }
    socket.once(isTls ? 'secureConnect' : 'connect', () => settle(null))
    socket.once('close', () =>
      settle(new ProxyError('connection_refused', 'closed while connecting')),
    )
    // Stays for good: a socket must never be without someone who hears its errors.
    socket.on('error', settle)
  }
}

/** Whatever the host of the origin stands for is left to the system, for each connection anew. */
export const createConnector = (origin: Origin, connectMs: number): Connect => {
  const dial = createDial(origin)
  return (done) => dial(origin.hostname, connectMs, done)
}
