/** How many exchanges a target may hold at once, and how many more may wait, and how long. */

/** Why there was no place. */
export type Refusal = 'full' | 'timeout'

/** Who asks for a place. Exactly one of the two is called, unless it is withdrawn before. */
export interface Waiter {
  /** There is a place, which must be left again. Called within `enter` when one is free. */
  start(): void
  refuse(why: Refusal): void
}

export interface BulkheadOptions {
  readonly places: number
  /** How many may wait for a place. */
  readonly maxPending: number
  readonly queueTimeoutMs: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export interface Bulkhead {
  readonly inFlight: number
  readonly pending: number
  enter(waiter: Waiter): void
  /** Gives a place back. Exactly once for every `start`. */
  leave(): void
  /** Takes a waiter out of the queue; false when it waits no longer. */
  withdraw(waiter: Waiter): boolean
  /** Resolves once nobody has a place or waits for one. */
  idle(): Promise<void>
}

/** Waiters in the order of coming, so in that of their time too: one timer serves them all. */
export interface Queue<W> {
  readonly size: number
  add(waiter: W): void
  /** Takes it out; false when it waits no longer. */
  take(waiter: W): boolean
  first(): W | undefined
}

export const createQueue = <W extends Pick<Waiter, 'refuse'>>(
  queueTimeoutMs: number,
  now: () => number,
): Queue<W> => {
  const due = new Map<W, number>()
  let timer: NodeJS.Timeout | null = null
  const expire = (): void => {
    timer = null
    const nowMs = now()
    for (const [waiter, dueMs] of due) {
      if (dueMs > nowMs) {
        timer = setTimeout(expire, dueMs - nowMs)
        return
      }
      due.delete(waiter)
      waiter.refuse('timeout')
    }
  }
  return {
    get size() {
      return due.size
    },
    add(waiter) {
      due.set(waiter, now() + queueTimeoutMs)
      timer ??= setTimeout(expire, queueTimeoutMs)
    },
    take(waiter) {
      const isThere = due.delete(waiter)
      if (due.size === 0 && timer !== null) {
        clearTimeout(timer)
        timer = null
      }
      return isThere
    },
    first: () => due.keys().next().value,
  }
}

/** First come, first served. */
export const createBulkhead = (options: BulkheadOptions): Bulkhead => {
  const { places, maxPending, queueTimeoutMs, now } = options
  const queue = createQueue<Waiter>(queueTimeoutMs, now)
  let inFlight = 0
  let waitingForIdle: (() => void)[] = []
  return {
    get inFlight() {
      return inFlight
    },
    get pending() {
      return queue.size
    },
    enter(waiter) {
      if (inFlight < places) {
        inFlight += 1
        waiter.start()
      } else if (queue.size < maxPending) queue.add(waiter)
      else waiter.refuse('full')
    },
    leave() {
      const next = queue.first()
      if (next !== undefined) {
        queue.take(next)
        // Not within whatever has just ended: it may be deep inside a parser.
        queueMicrotask(() => next.start())
        return
      }
      inFlight -= 1
      if (inFlight > 0) return
      const told = waitingForIdle
      waitingForIdle = []
      for (const tell of told) tell()
    },
    withdraw: queue.take,
    idle: () =>
      new Promise((resolve) => {
        // Whoever waits does so because every place is taken.
        if (inFlight === 0) resolve()
        else waitingForIdle.push(resolve)
      }),
  }
}
