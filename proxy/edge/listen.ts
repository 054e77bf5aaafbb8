/** Taking a port. */
import type { AddressInfo, Server } from 'node:net'

export interface Bound {
  readonly host: string
  readonly port: number
}

/** A place to take. */
export interface Wanted extends Bound {
  /** Among several workers: for this process alone, not shared by all. */
  readonly exclusive?: boolean
}

/** Why a place cannot be had, and which part of the config names another. */
const reasons: Readonly<Record<string, readonly [why: string, part: 'host' | 'port']>> = {
  EADDRINUSE: ['another process has this port', 'port'],
  EACCES: ['this user may not take this port', 'port'],
  EADDRNOTAVAIL: ['this machine does not have this address', 'host'],
  ENOTFOUND: ['this name has no address', 'host'],
}

/** A host as it stands in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/**
 * Resolves to what was bound; port 0 lets the kernel choose.
 *
 * @param noun the part of the config that names host and port, for the error
 * @throws Error that says what is wrong and which key names another place
 */
export const listenOn = (server: Server, at: Wanted, noun: string): Promise<Bound> =>
  new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      const [why, part] = reasons[cause.code ?? ''] ?? [cause.message, 'port']
      const place = `${urlHost(at.host)}:${at.port}`
      const wayOut = `${noun}.${part} names another one`
      reject(new Error(`cannot listen on ${place}: ${why}; ${wayOut}`, { cause }))
    }
    server.once('error', failed)
    const { host, port, exclusive = false } = at
    server.listen({ host, port, exclusive }, () => {
      server.removeListener('error', failed)
      const { address, port } = server.address() as AddressInfo
      resolve({ host: address, port })
    })
  })
