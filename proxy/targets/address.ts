/** One address of an upstream: the way to it, and what is known of it. */
import type { AddressHealth } from './address-health.ts'
import { seedOf, type Weighed } from './balance.ts'
import type { Breaker } from './breaker.ts'
import type { Connect, Origin } from './connector.ts'
import type { Wire } from './wire.ts'

export interface Address extends Weighed {
  /** As the config has it. */
  readonly url: string
  readonly origin: Origin
  /** Opens a connection of its own, as a tunnel needs it; health hears of it. */
  readonly connect: Connect
  readonly wire: Wire
  readonly breaker: Breaker
  readonly health: AddressHealth
  /** Exchanges that were given to its wire and are not over. */
  inFlight: number
}

export const createAddress = (parts: Omit<Address, 'inFlight' | 'weight' | 'seed'>): Address => ({
  ...parts,
  seed: seedOf(parts.url),
  inFlight: 0,
  get weight() {
    return parts.health.weight()
  },
})
