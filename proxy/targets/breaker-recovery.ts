/** How a target comes back: slowly after closing, and later each time that it did not last. */
import type { BreakerConfig } from '../config/config.ts'

const longestResetMs = 600_000
const ramp = { ms: 30_000, from: 0.1 }

/** Doubles with every opening that no full recovery came between; ± 20 %, so that no two align. */
const resetDelay = (base: number, openings: number, random: number): number =>
  Math.round(Math.min(base * 2 ** openings, Math.max(base, longestResetMs)) * (0.8 + 0.4 * random))

export interface RecoveryIo {
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** 0 <= n < 1. */
  readonly random: () => number
}

export interface Recovery {
  opened(): void
  closed(): void
  /** Whether this request is one of those that are not let back yet. */
  readonly holdsBack: () => boolean
  /** Forgets the past once all traffic is back. */
  settle(): void
}

/** @param setReset takes how long to stay open the next time, milliseconds */
export const createRecovery = (
  config: BreakerConfig,
  io: RecoveryIo,
  setReset: (ms: number) => void,
): Recovery => {
  let openings = 0
  let closedMs: number | null = null
  const plan = (): void => setReset(resetDelay(config.resetAfterMs, openings, io.random()))
  const share = (): number =>
    closedMs === null ? 1 : ramp.from + (1 - ramp.from) * ((io.now() - closedMs) / ramp.ms)
  plan()
  return {
    opened() {
      openings++
      plan()
    },
    closed() {
      closedMs = io.now()
    },
    holdsBack: () => closedMs !== null && share() < 1 && io.random() >= share(),
    settle() {
      if (closedMs === null || share() < 1) return
      closedMs = null
      openings = 0
      plan()
    },
  }
}
