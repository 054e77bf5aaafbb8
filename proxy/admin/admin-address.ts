/** Who can reach the admin listener. Pure. */
import { isIP, isIPv4 } from 'node:net'
import type { AddressConfig } from '../config/config.ts'

/** Whether only processes of the same machine can reach this host. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

/** Why the admin listener must not stand at this address, with the way out; null: it may. */
export const adminAddressProblem = ({ host, port }: AddressConfig): string | null =>
  isLoopback(host)
    ? null
    : `admin.host ${JSON.stringify(host)} can be reached from other machines, and nothing asks who calls: ` +
      'anybody could send all traffic to legacy. Use 127.0.0.1 (the default) and a port-forward or SSH to get there. ' +
      `For kubelet and Prometheus, open the read-only listener: probes: { host: ${host}, port: ${port + 1} }`

/** Name or address in a Host header, port and brackets taken off; null: it is malformed. */
export const hostName = (header: string): string | null => {
  const [, bracketed, plain] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/.exec(header) ?? []
  const name = bracketed ?? plain
  return name === undefined ? null : name.toLowerCase()
}

/**
 * Whether a Host header is one by which this listener is meant. A page that rebinds its own name to
 * 127.0.0.1 still sends its own name.
 */
export const isHostAllowed = (header: string | undefined, configured: string): boolean => {
  const name = header === undefined ? null : hostName(header)
  if (name === null) return false
  return (
    isLoopback(name) ||
    name === configured.toLowerCase() ||
    (isIP(name) !== 0 && name === configured)
  )
}
