/** Who asks: the socket's own address, or what trusted proxies in front of it say. */
import { isIP, type Socket } from 'node:net'
import type { Peer } from '../targets/send.ts'
import { createAddressSet, plainAddress } from './address-set.ts'
import { type HeadLines, listMembers } from './head-lines.ts'
import { isHost } from './refuse.ts'

/** An entry of X-Forwarded-For without brackets and port; null when it is no address. */
const forwardedAddress = (entry: string): string | null => {
  const bare = entry.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1')
  return isIP(bare) === 0 ? null : plainAddress(bare)
}

/** The value that the proxy `hops` back wrote; a proxy that overwrites leaves only one. */
const fromRight = (members: readonly string[], hops: number): string | undefined =>
  members[Math.max(0, members.length - hops)]

/** How many trusted hops lie between the client and this proxy, and what the last of them saw. */
const walk = (
  own: string,
  entries: readonly string[],
  isTrusted: (address: string) => boolean,
): { readonly address: string; readonly hops: number } => {
  let address = own
  for (let hops = 1; hops <= entries.length; hops += 1) {
    const next = forwardedAddress(entries[entries.length - hops] as string)
    if (next === null) return { address, hops }
    address = next
    if (!isTrusted(next)) return { address, hops }
  }
  return { address, hops: Math.max(1, entries.length) }
}

const isScheme = (text: string | undefined): text is Peer['scheme'] =>
  text === 'http' || text === 'https'

/** Asking a BlockList costs more than all else here, and a socket keeps its address for life. */
const rememberBySocket = (
  isTrusted: (address: string) => boolean,
): ((socket: Socket, address: string) => boolean) => {
  const known = new WeakMap<Socket, boolean>()
  return (socket, address) => {
    const remembered = known.get(socket)
    if (remembered !== undefined) return remembered
    const trusted = isTrusted(address)
    known.set(socket, trusted)
    return trusted
  }
}

/**
 * Reads the peer of a request. `X-Forwarded-*` is walked from the right, one entry for each trusted
 * hop, so that what a client wrote there itself is never believed.
 *
 * @param trustedProxies networks, see `createAddressSet`
 */
export const createPeerReader = (
  trustedProxies: readonly string[],
): ((socket: Socket, lines: HeadLines) => Peer) => {
  const isTrusted = createAddressSet(trustedProxies)
  const isTrustedSocket = trustedProxies.length === 0 ? () => false : rememberBySocket(isTrusted)
  return (socket, lines) => {
    const own = plainAddress(socket.remoteAddress ?? '')
    const scheme = 'encrypted' in socket ? 'https' : 'http'
    const host = lines.host?.[0] ?? ''
    if (!isTrustedSocket(socket, own)) return { address: own, scheme, host, trusted: false }
    const { address, hops } = walk(own, listMembers(lines.forwardedFor), isTrusted)
    const saidScheme = fromRight(listMembers(lines.forwardedScheme), hops)?.toLowerCase()
    const saidHost = fromRight(listMembers(lines.forwardedHost), hops)
    return {
      address,
      scheme: isScheme(saidScheme) ? saidScheme : scheme,
      host: saidHost !== undefined && isHost(saidHost) ? saidHost : host,
      trusted: true,
      proxyAddress: own,
    }
  }
}
