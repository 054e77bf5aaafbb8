/** Whose turn it is when a lane becomes free, and who loses it when one ends. */
import type { LaneCause } from './lane.ts'
import type { Pool } from './lane-pool.ts'
import { type Queueing, whyNot } from './lane-queue.ts'

export interface Turns {
  /** A lane is free: whoever waits is served. */
  free(): void
  /** A lane has ended. */
  ended(cause: LaneCause, problem: string | null): void
}

/** @param tell hears of each lane that ends, before anybody who waited for it */
export const createTurns = (
  { life, queue, pool }: Pick<Queueing, 'life' | 'queue'> & { readonly pool: () => Pool },
  tell: Turns['ended'],
): Turns => {
  const tellWarm = (): void => {
    for (const tell of life.warming.splice(0)) tell()
  }
  const serveFirst = (): void => {
    const first = queue.first()
    if (first === undefined || pool().next() === null) return
    queue.take(first)
    first.start()
  }
  const failWaiting = (): void => {
    for (let first = queue.first(); first !== undefined; first = queue.first()) {
      queue.take(first)
      first.fail(whyNot(life))
    }
  }
  return {
    free() {
      life.problem = null
      tellWarm()
      serveFirst()
    },
    ended(cause, problem) {
      life.restarts++
      if (problem !== null) life.problem = problem
      tell(cause, problem)
      if (life.problem !== null) tellWarm()
      // Whoever waited for its place may have the lane that was kept warm.
      if (pool().isAlive()) serveFirst()
      else failWaiting()
    },
  }
}
