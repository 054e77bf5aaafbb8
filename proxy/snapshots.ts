/** Which snapshot is in force, and which ones still have requests to finish. */
import type { Engine } from './serve.ts'

/** How long a replaced snapshot keeps its pools for requests that do not end. */
const longestMs = 60_000

export interface Snapshots {
  /** @throws Error before the first `use` */
  current(): Engine
  /**
   * Puts an engine in force.
   *
   * @param release lets go of what only the engine before it used; called once the requests of
   *   that engine, and of all before it, are over, or after 60 s
   */
  use(engine: Engine, release: () => void): void
  /** Counts a run as a request of the snapshot that is in force when it begins. */
  track<Asked>(run: (asked: Asked) => Promise<void>): (asked: Asked) => Promise<void>
  inFlight(): number
  /** Releases all at once. */
  close(): void
}

interface Snapshot {
  readonly engine: Engine
  inFlight: number
}

interface Retired {
  readonly snapshot: Snapshot
  readonly timer: NodeJS.Timeout
  readonly release: () => void
}

export const createSnapshots = (): Snapshots => {
  let current: Snapshot | null = null
  /** Oldest first. */
  const retired: Retired[] = []
  let inFlight = 0

  const shift = (): void => {
    const oldest = retired.shift()
    if (oldest === undefined) return
    clearTimeout(oldest.timer)
    oldest.release()
  }
  const releaseIdle = (): void => {
    while (retired[0]?.snapshot.inFlight === 0) shift()
  }
  /** Its time is up: whatever is older has had more of it. */
  const expire = (snapshot: Snapshot): void => {
    while (retired.some((each) => each.snapshot === snapshot)) shift()
  }
  const inForce = (): Snapshot => {
    if (current === null) throw new Error('no config is in force yet')
    return current
  }

  return {
    current: () => inForce().engine,
    use(engine, release) {
      const before = current
      current = { engine, inFlight: 0 }
      if (before === null) return
      const timer = setTimeout(() => expire(before), longestMs)
      retired.push({ snapshot: before, timer: timer.unref(), release })
      releaseIdle()
    },
    track: (run) => async (asked) => {
      const snapshot = inForce()
      snapshot.inFlight += 1
      inFlight += 1
      try {
        await run(asked)
      } finally {
        snapshot.inFlight -= 1
        inFlight -= 1
        if (retired.length > 0) releaseIdle()
      }
    },
    inFlight: () => inFlight,
    close() {
      while (retired.length > 0) shift()
    },
  }
}
