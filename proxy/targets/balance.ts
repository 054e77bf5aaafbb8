/** Which of several addresses is asked. Every kind of balancing is a pure function of one shape. */
import type { Balance } from '../config/upstream-config.ts'
import { murmur3 } from '../routing/bucket.ts'

/** What is known of an address that may be asked. */
export interface Weighed {
  /** Tells it from the others in a hash: `seedOf` its URL. */
  readonly seed: number
  readonly inFlight: number
  /** Its share of a full one's requests, 0 < weight <= 1: less while it comes back. */
  readonly weight: number
}

/** What is known of the request. */
export interface Draw {
  /** Counts the requests of the upstream. */
  readonly turn: number
  /** Who asks, for a hash; null: nobody knows. */
  readonly key: string | null
  /** 0 <= n < 1. */
  readonly random: () => number
}

export type Pick = <Item extends Weighed>(open: readonly [Item, ...Item[]], draw: Draw) => Item

export type BalanceName = Exclude<Balance, object> | 'hash'

/** How busy an address would be with one request more. */
const load = ({ inFlight, weight }: Weighed): number => (inFlight + 1) / weight

const at = <Item>(open: readonly [Item, ...Item[]], place: number): Item =>
  open[place % open.length] ?? open[0]

/** The less busy of two that chance picks: nearly the least busy of all, and no herd. */
const p2c: Pick = (open, { random }) => {
  const first = Math.floor(random() * open.length)
  const apart = 1 + Math.floor(random() * (open.length - 1))
  const one = at(open, first)
  const other = at(open, first + apart)
  return load(other) < load(one) ? other : one
}

/** In turn; one that comes back lets some of its turns go to others. */
const roundRobin: Pick = (open, draw) => {
  const item = at(open, draw.turn)
  return item.weight >= 1 || draw.random() < item.weight ? item : p2c(open, draw)
}

/** Of those that are alike, in turn. */
const leastInFlight: Pick = (open, { turn }) => {
  let least = Number.POSITIVE_INFINITY
  let alike = 0
  for (const item of open) {
    const its = load(item)
    alike = its < least ? 1 : alike + (its === least ? 1 : 0)
    least = Math.min(least, its)
  }
  let skip = turn % alike
  return open.find((item) => load(item) === least && skip-- === 0) ?? open[0]
}

/** The same for the same URL, on every machine. */
export const seedOf = (url: string): number => murmur3(url)

/** The finalizer of MurmurHash3: every bit of the input changes half of the output's. */
const mix = (bits: number): number => {
  const a = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return (b ^ (b >>> 16)) >>> 0
}

/** Above 0, below 1. */
const evenly = (seed: number, keyHash: number): number => (mix(seed ^ keyHash) + 0.5) / 2 ** 32

/**
 * Weighted rendezvous hashing (Thaler and Ravishankar 1998; weights: Schindelhauer and Schomaker
 * 2005): without an address only its own keys move, and a growing weight only brings keys to it. No
 * bound on the load: whoever hashes has something at that address, such as session files.
 */
const hash: Pick = (open, draw) => {
  const { key } = draw
  if (key === null) return p2c(open, draw)
  const keyHash = murmur3(key)
  let [best] = open
  let most = -1
  for (const item of open) {
    const score = -item.weight / Math.log(evenly(item.seed, keyHash))
    if (score <= most) continue
    best = item
    most = score
  }
  return best
}

export const picks: Readonly<Record<BalanceName, Pick>> = { roundRobin, leastInFlight, p2c, hash }

/** Without any conditions. */
export const createRoundRobin = <Item>(items: readonly Item[]): (() => Item) => {
  let next = 0
  return () => {
    const item = items[next % items.length] as Item
    next = (next + 1) % items.length
    return item
  }
}
