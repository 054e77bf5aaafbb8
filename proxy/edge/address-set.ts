/** Sets of network addresses, as `listen.trustedProxies` names them. */
import { BlockList, isIP } from 'node:net'

/** An IPv4 address that came in over an IPv6 socket, as the IPv4 address that it is. */
export const plainAddress = (address: string): string =>
  address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address

/**
 * Whether an address lies in one of these networks; text that is no address lies in none.
 *
 * @param networks `10.0.0.0/8`, `::1/128`, or bare addresses
 * @throws RangeError on what is neither
 */
export const createAddressSet = (networks: readonly string[]): ((address: string) => boolean) => {
  if (networks.length === 0) return () => false
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const version = isIP(address)
    const prefix = bits === undefined ? (version === 6 ? 128 : 32) : Number(bits)
    if (version === 0 || !Number.isInteger(prefix) || prefix < 0) {
      throw new RangeError(`'${network}' is no network: write it like 10.0.0.0/8 or 2001:db8::/32`)
    }
    list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4')
  }
  return (given) => {
    const address = plainAddress(given)
    const version = isIP(address)
    return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4')
  }
}
