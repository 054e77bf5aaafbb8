/** Taking a port. */
import type { AddressInfo, Server } from 'node:net'

export interface Bound {
  readonly host: string
  readonly port: number
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process has this port',
  EACCES: 'this user may not take this port',
  EADDRNOTAVAIL: 'this machine does not have this address',
  ENOTFOUND: 'this name has no address',
}

/** A host as it stands in a URL. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host)

/**
 * Resolves to what was bound; port 0 lets the kernel choose.
 *
 * @param key the config key that names host and port, for the error
 * @throws Error that says who has the port and which key changes it
 */
export const listenOn = (server: Server, at: Bound, key: string): Promise<Bound> =>
  new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      const why = reasons[cause.code ?? ''] ?? cause.message
      const place = `${urlHost(at.host)}:${at.port}`
      reject(new Error(`cannot listen on ${place}: ${why}. ${key} names another one`, { cause }))
    }
    server.once('error', failed)
    server.listen(at.port, at.host, () => {
      server.removeListener('error', failed)
      const { address, port } = server.address() as AddressInfo
      resolve({ host: address, port })
    })
  })
