/** What a breaker counts besides opossum: slow calls, and the calls of a trial. */
import type { BreakerConfig } from '../config/config.ts'
import type { CallResult } from './call-result.ts'

/** Into how many parts the window of a breaker is cut. */
export const buckets = 10

export interface SlowWindow {
  /** One part of the window is over. */
  rotate(): void
  /** Counts one call; returns whether too many are slow. */
  count(tookMs: number): boolean
}

/** Share of slow calls in the window. Opossum counts none. */
export const createSlowWindow = ({
  minimumCalls,
  slowRateBp,
  slowCallMs,
}: BreakerConfig): SlowWindow => {
  let window = [{ calls: 0, slow: 0 }]
  return {
    rotate() {
      window = [{ calls: 0, slow: 0 }, ...window.slice(0, buckets - 1)]
    },
    count(tookMs) {
      const [current] = window
      if (current === undefined) return false
      current.calls++
      if (tookMs <= slowCallMs) return false
      current.slow++
      const calls = window.reduce((sum, each) => sum + each.calls, 0)
      const slow = window.reduce((sum, each) => sum + each.slow, 0)
      return calls >= minimumCalls && slow * 10_000 >= slowRateBp * calls
    },
  }
}

export interface Trial {
  readonly isFull: () => boolean
  readonly begin: () => void
  /** Null: it goes on. */
  record(result: CallResult, tookMs: number): 'passed' | 'failed' | null
}

/** The calls of one half-open state: how many are on their way, and how those that ended did. */
export const createTrial = ({
  halfOpenCalls,
  failureRateBp,
  slowRateBp,
  slowCallMs,
}: BreakerConfig): Trial => {
  let begun = 0
  let ended = 0
  let failed = 0
  let slow = 0
  return {
    isFull: () => begun >= halfOpenCalls,
    begin: () => {
      begun++
    },
    record(result, tookMs) {
      if (result === 'neutral') {
        begun--
        return null
      }
      ended++
      if (result === 'failed') failed++
      if (tookMs > slowCallMs) slow++
      if (ended < halfOpenCalls) return null
      const isBad = failed * 10_000 >= failureRateBp * ended || slow * 10_000 >= slowRateBp * ended
      return isBad ? 'failed' : 'passed'
    },
  }
}
