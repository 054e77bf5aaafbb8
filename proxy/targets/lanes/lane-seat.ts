/** The place of one lane in a pool: starts it anew when it has ended, later and later. */
import { createLane, type LaneOptions } from './create-lane.ts'
import type { Lane, LaneCause } from './lane.ts'

export interface SeatListener {
  free(): void
  held(lane: Lane, bytes: number): void
  ended(cause: LaneCause, problem: string | null): void
  /** Whether it may start one after a bad end at this moment; if not, it tries again later. */
  mayStart(): boolean
}

export interface Seat {
  readonly lane: Lane | null
  /** Whether there is no lane, and none is awaited. */
  isEmpty(): boolean
  start(): void
  close(): Promise<void>
}

const shortestMs = 1_000
const longestMs = 300_000

/** A lane that lived this long and served is well: what ended it was not the way it is made. */
const goodRunMs = 60_000

/** How long a lane is not started again after so many bad ends in a row. */
export const backOffMs = (badEnds: number): number =>
  badEnds === 0 ? 0 : Math.min(longestMs, shortestMs * 2 ** (badEnds - 1))

/** Ends that tell nothing against starting again at once. */
const planned: ReadonlySet<LaneCause> = new Set(['leftovers', 'closed'])

export const createSeat = (options: LaneOptions, to: SeatListener): Seat => {
  const { now, log, task } = options
  let lane: Lane | null = null
  let badEnds = 0
  let timer: NodeJS.Timeout | null = null
  let isClosed = false

  const later = (): void => {
    if (isClosed) return
    timer = setTimeout(retry, backOffMs(badEnds)).unref()
  }
  const retry = (): void => {
    timer = null
    if (badEnds === 0 || to.mayStart()) start()
    else later()
  }
  const judge = (cause: LaneCause, ranMs: number, served: number): void => {
    if (ranMs >= goodRunMs && served > 0) badEnds = 0
    if (!planned.has(cause)) badEnds++
  }
  /** A machine that has no room for one is no reason to throw at whoever asks for a lane. */
  const start = (): void => {
    try {
      open()
    } catch (error) {
      badEnds++
      later()
      to.ended('load', `no lane could be started: ${String(error)}`)
    }
  }
  const open = (): void => {
    const startedMs = now()
    const started: Lane = createLane(options, {
      free: to.free,
      ready: () => log.info('lane_started', { role: task.role, ms: Math.round(now() - startedMs) }),
      held: (bytes) => to.held(started, bytes),
      ended(cause, problem) {
        judge(cause, now() - startedMs, started.served())
        to.ended(cause, problem)
      },
      gone() {
        lane = null
        later()
      },
    })
    lane = started
  }
  return {
    get lane() {
      return lane
    },
    isEmpty: () => lane === null && timer === null,
    start,
    async close() {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      await lane?.close()
    },
  }
}
