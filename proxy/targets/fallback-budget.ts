/** How many of a route's requests may be answered twice over, so that one failing target does not drag the other down. */

export interface FallbackBudget {
  /** Counts a request. */
  request(): void
  /** Takes one repeat out of the budget; false when there is none left. */
  take(): boolean
}

const slotMs = 1_000
const slots = 10
const share = 0.2
const least = 10

/**
 * One fifth of the requests of the last ten seconds, at least 10. For one route; outlives a reload.
 *
 * @param now monotonic milliseconds
 */
export const createFallbackBudget = (now: () => number): FallbackBudget => {
  const requests = new Float64Array(slots)
  const taken = new Float64Array(slots)
  let slot = Math.floor(now() / slotMs)
  const sum = (counts: Float64Array): number => counts.reduce((all, each) => all + each, 0)
  /** The place of the present second; those that passed since the last call are emptied. */
  const place = (): number => {
    const present = Math.floor(now() / slotMs)
    const passed = Math.min(present - slot, slots)
    for (let each = 1; each <= passed; each++) {
      const emptied = (slot + each) % slots
      requests[emptied] = 0
      taken[emptied] = 0
    }
    slot = present
    return present % slots
  }
  return {
    request() {
      const at = place()
      requests[at] = (requests[at] ?? 0) + 1
    },
    take() {
      const at = place()
      if (sum(taken) >= Math.max(least, share * sum(requests))) return false
      taken[at] = (taken[at] ?? 0) + 1
      return true
    },
  }
}
