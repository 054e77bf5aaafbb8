/**
 * Which address of an upstream a request goes to. One that is not well, or whose breaker is open, is
 * passed over while there is another one; where there is none it is asked all the same.
 */
import type { UpstreamConfig } from '../config/config.ts'
import type { Address } from './address.ts'
import { picks } from './balance.ts'
import { createBalanceKey } from './balance-key.ts'
import type { InboundRequest } from './send.ts'

export interface AddressChoice {
  /** @param tried addresses that this request has been to; null: every one has been tried */
  choose(request: InboundRequest, tried: readonly Address[]): Address | null
  /** Why all addresses would rather not be asked; null: one of them may. */
  blocked(): 'breaker' | 'health' | null
}

/**
 * Below this share of well addresses the verdicts of probes are not believed: to send everything to
 * the few that pass would take them down as well.
 */
const panicBelow = 0.5

const isUp = ({ health }: Address): boolean => health.isUp()
const isOpen = ({ health, breaker }: Address): boolean => health.isUp() && !breaker.blocks()

const isSome = (some: readonly Address[]): some is readonly [Address, ...Address[]] =>
  some.length > 0

/** Of all addresses, those that health leaves. */
const wellOf = (all: readonly Address[]): readonly Address[] => {
  const up = all.filter(isUp)
  if (up.length >= all.length * panicBelow) return up
  // Whoever answers badly may still serve; where no connection comes about, nobody does.
  const reachable = all.filter(({ health }) => health.isReachable())
  return isSome(reachable) ? reachable : all
}

/** The first of these lists that has an address which was not tried. */
const firstUntried = (
  lists: readonly (readonly Address[])[],
  tried: readonly Address[],
): readonly [Address, ...Address[]] | null => {
  for (const list of lists) {
    const left = tried.length === 0 ? list : list.filter((each) => !tried.includes(each))
    if (isSome(left)) return left
  }
  return null
}

export const createAddressChoice = (
  all: readonly [Address, ...Address[]],
  balance: NonNullable<UpstreamConfig['balance']>,
  random: () => number,
): AddressChoice => {
  const pick = picks[typeof balance === 'object' ? 'hash' : balance]
  const keyOf = typeof balance === 'object' ? createBalanceKey(balance.hash) : () => null
  const [only] = all
  let turn = 0
  const open = (tried: readonly Address[]): readonly [Address, ...Address[]] | null => {
    if (tried.length === 0 && all.every(isOpen)) return all
    const well = wellOf(all)
    return firstUntried([well.filter(({ breaker }) => !breaker.blocks()), well, all], tried)
  }
  return {
    choose(request, tried) {
      if (all.length === 1) return tried.length === 0 ? only : null
      const left = open(tried)
      if (left === null) return null
      if (left.length === 1) return left[0]
      turn += 1
      return pick(left, { turn, key: keyOf(request), random })
    },
    blocked() {
      if (all.every(({ health }) => !health.isUp())) return 'health'
      return all.some(isOpen) ? null : 'breaker'
    },
  }
}
