/** Waits for quiet before it acts. */

export interface Debounce {
  /** Acts once nothing was asked for `quietMs`, or `mostMs` after the first time at the latest. */
  ask(): void
  /** Forgets what was asked. */
  cancel(): void
}

export interface DebounceOptions {
  readonly quietMs: number
  readonly mostMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly act: () => void
}

/** Its timer keeps no process alive. */
export const createDebounce = ({ quietMs, mostMs, now, act }: DebounceOptions): Debounce => {
  let timer: NodeJS.Timeout | null = null
  let since: number | null = null

  const cancel = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    since = null
  }
  return {
    cancel,
    ask: () => {
      const first = since ?? now()
      cancel()
      since = first
      const wait = Math.max(0, Math.min(quietMs, first + mostMs - now()))
      timer = setTimeout(() => {
        cancel()
        act()
      }, wait)
      timer.unref()
    },
  }
}
