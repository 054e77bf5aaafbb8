/** What each route has seen since the start, for `status` and the admin API. Outlives reloads. */
import type { Target } from '../stage.ts'
import { createLatencyWindow, type LatencySummary, type LatencyWindow } from './latency-window.ts'

/** One answered request, as far as a board cares. */
export interface Tally {
  readonly target: Target | 'banyan'
  readonly ms: number
  readonly failed: boolean
  readonly fallback: boolean
}

/** Counters since the start; latency over the last minute. */
export interface RouteTraffic {
  readonly requests: Readonly<Record<Target | 'banyan', number>>
  /** Answers of 500 and more, and answers that did not arrive whole. */
  readonly failed: number
  readonly fallbacks: number
  readonly latency: Readonly<Record<Target, LatencySummary>>
}

export interface Board {
  record(route: string, tally: Tally): void
  read(route: string): RouteTraffic
  /** Forgets routes that are no longer there. */
  drop(routes: ReadonlySet<string>): void
}

interface Row {
  requests: Record<Target | 'banyan', number>
  failed: number
  fallbacks: number
  readonly latency: Record<Target | 'banyan', LatencyWindow | null>
}

const emptyRow = (): Row => ({
  requests: { legacy: 0, modern: 0, banyan: 0 },
  failed: 0,
  fallbacks: 0,
  latency: { legacy: null, modern: null, banyan: null },
})
const nothing: LatencySummary = { count: 0, p50Ms: null, p99Ms: null }

/** @param now monotonic milliseconds */
export const createBoard = (now: () => number): Board => {
  const rows = new Map<string, Row>()
  const rowOf = (route: string): Row => {
    const known = rows.get(route)
    if (known !== undefined) return known
    const row = emptyRow()
    rows.set(route, row)
    return row
  }
  return {
    record(route, { target, ms, failed, fallback }) {
      const row = rowOf(route)
      row.requests[target] += 1
      if (failed) row.failed += 1
      if (fallback) row.fallbacks += 1
      const window = row.latency[target] ?? createLatencyWindow()
      row.latency[target] = window
      window.record(ms, now())
    },
    read(route) {
      const { requests, failed, fallbacks, latency } = rows.get(route) ?? emptyRow()
      const nowMs = now()
      return {
        requests: { ...requests },
        failed,
        fallbacks,
        latency: {
          legacy: latency.legacy?.read(nowMs) ?? nothing,
          modern: latency.modern?.read(nowMs) ?? nothing,
        },
      }
    },
    drop(routes) {
      for (const route of routes) rows.delete(route)
    },
  }
}
