/** How often legacy may be asked for the sake of a comparison, so that proving costs it little. */

export interface RepeatBudget {
  /** Counts a request of the route. `share`: of which so much may be asked again, basis points. */
  earn(shareBp: number): void
  /** Takes one repeat; false: there is none left. */
  take(): boolean
}

const whole = 10_000
const most = 20 * whole
/** A quiet route earns one in ten seconds besides, or nothing of it could ever be confirmed. */
const quietMs = 10_000

/** For one route; begins with 20 repeats, holds no more than that, and outlives a reload. */
export const createRepeatBudget = (now: () => number): RepeatBudget => {
  let credit = most
  let sinceMs = now()
  return {
    earn(shareBp) {
      credit = Math.min(most, credit + shareBp)
    },
    take() {
      const passed = Math.floor((now() - sinceMs) / quietMs)
      sinceMs += passed * quietMs
      credit = Math.min(most, credit + passed * whole)
      if (credit < whole) return false
      credit -= whole
      return true
    },
  }
}
