/**
 * How one address of an upstream is. Two things know of it: probes, where the config asks for them,
 * and the connections that requests open. Nothing here refuses a request: see `address-choice.ts`.
 */
import type { HealthConfig } from '../config/upstream-config.ts'

/** What a probe finds: `unwell` answers badly or late, `unreachable` has no connection. */
export type ProbeResult = 'well' | 'unwell' | 'unreachable'

/** Who found that an address is not well. */
export type HealthSource = 'probe' | 'connect'

export interface HealthEvent {
  readonly healthy: boolean
  readonly source: HealthSource
}

export interface AddressHealthOptions {
  /** Null: nobody probes. */
  readonly probes: Pick<HealthConfig, 'unhealthyAfter' | 'healthyAfter'> | null
  /** How long it takes a recovered address to have its full share; 0: no time. */
  readonly slowStartMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Whether one address more may be left out because connections to it fail. */
  readonly mayEject: () => boolean
  readonly tell: (event: HealthEvent) => void
}

export interface AddressHealth {
  /** Whether it should get requests; an address that nobody knows anything of should. */
  isUp(): boolean
  /** Whether connections to it come about, as far as anybody knows. */
  isReachable(): boolean
  isEjected(): boolean
  /** What its share is of a full one's, 0 < weight <= 1. */
  weight(): number
  /** Null: nobody has asked it. */
  verdict(): boolean | null
  probed(result: ProbeResult): void
  /** A request has opened a connection to it, or could not. */
  connected(isOpen: boolean): void
}

/** Connections in a row that fail. */
const ejectAfter = 3
const shortestMs = 1_000
const longestMs = 60_000
const leastWeight = 0.1

/** Leaves an address out for a time that doubles, as long as it is none the better for it. */
const createEjection = ({ now, mayEject, tell }: AddressHealthOptions, back: () => void) => {
  let failures = 0
  let times = 0
  let lastMs = 0
  let untilMs: number | null = null
  const lasts = (): boolean => {
    if (untilMs === null) return false
    if (now() < untilMs) return true
    untilMs = null
    back()
    tell({ healthy: true, source: 'connect' })
    return false
  }
  const eject = (): void => {
    const wasLong = now() - lastMs > 2 * longestMs
    times = wasLong ? 0 : times
    untilMs = now() + Math.min(longestMs, shortestMs * 2 ** times)
    lastMs = untilMs
    times += 1
    tell({ healthy: false, source: 'connect' })
  }
  return {
    lasts,
    connected(isOpen: boolean): void {
      failures = isOpen ? 0 : failures + 1
      if (failures >= ejectAfter && !lasts() && mayEject()) eject()
    },
  }
}

export const createAddressHealth = (options: AddressHealthOptions): AddressHealth => {
  const { probes, slowStartMs, now, tell } = options
  let verdict: boolean | null = null
  let isReachable = true
  let streak = 0
  let recoveredMs: number | null = null
  const back = (): void => {
    recoveredMs = now()
  }
  const ejection = createEjection(options, back)

  const judge = (healthy: boolean): void => {
    if (verdict === false && healthy) back()
    const isNews = verdict !== null || !healthy
    verdict = healthy
    streak = 0
    if (isNews) tell({ healthy, source: 'probe' })
  }
  const needed = (healthy: boolean): number => {
    if (probes === null) return Number.POSITIVE_INFINITY
    // What is not known to be unwell needs no proof of the contrary.
    if (healthy) return verdict === null ? 1 : probes.healthyAfter
    return probes.unhealthyAfter
  }
  return {
    isUp: () => verdict !== false && !ejection.lasts(),
    isReachable: () => (verdict !== false || isReachable) && !ejection.lasts(),
    isEjected: ejection.lasts,
    weight() {
      if (recoveredMs === null) return 1
      const share = slowStartMs === 0 ? 1 : (now() - recoveredMs) / slowStartMs
      if (share < 1) return Math.max(leastWeight, share)
      recoveredMs = null
      return 1
    },
    verdict: () => (ejection.lasts() ? false : verdict),
    probed(result) {
      const healthy = result === 'well'
      isReachable = result !== 'unreachable'
      if (healthy === verdict) {
        streak = 0
        return
      }
      streak += 1
      if (streak >= needed(healthy)) judge(healthy)
    },
    connected: ejection.connected,
  }
}
