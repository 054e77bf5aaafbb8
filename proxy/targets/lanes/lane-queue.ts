/** Requests on their way to a lane: at once, after a wait, or not at all. */
import type { createQueue, Waiter } from '../bulkhead.ts'
import { failure } from '../failure.ts'
import type { Failure, Send } from '../send.ts'
import type { LaneJob } from './lane.ts'
import type { Pool } from './lane-pool.ts'
import type { LaneLimit } from './lane-supervisor.ts'

export const missing: Failure = failure('handler_missing', 'modern', 'none')
const full = failure('connection_limit_reached', 'banyan', 'none')
const restarting = failure('destination_unavailable', 'modern', 'none', {
  detail: 'Every lane of the handlers is being started again.',
})

/** Who waits for a lane. */
export interface LaneWaiter extends Waiter {
  fail(why: Failure): void
}

/** What changes while a pool lives. */
export interface LanesLife {
  restarts: number
  problem: string | null
  isClosed: boolean
  /** Waits for the first lane to serve, or not to start. */
  warming: (() => void)[]
}

export interface Queueing {
  readonly life: LanesLife
  readonly pool: Pool
  readonly queue: ReturnType<typeof createQueue<LaneWaiter>>
  readonly maxPending: number
  readonly begin: (job: LaneJob) => void
}

/** What the driver of a lane is told of a request before it comes, and who hears what it says after. */
export interface LaneUse {
  /** Plain data. */
  readonly terms: unknown
  /** Called once a lane was there for it; null: the lane ended, or nobody waited until it was prepared. */
  onReport(report: unknown): void
}

/** Why there is no lane. */
export const whyNot = ({ problem, isClosed }: LanesLife): Failure =>
  problem !== null || isClosed ? missing : restarting

/** Gives each request to a lane, as soon as there is one. */
export const createLaneSend = (
  parts: Queueing,
): ((limit: LaneLimit, use?: LaneUse | null) => Send) => {
  const { life, pool, queue, maxPending, begin } = parts
  const enter = (waiter: LaneWaiter): void => {
    if (life.isClosed) {
      waiter.fail(missing)
      return
    }
    if (life.problem === null) pool.grow(pool.busy().length + queue.size + 1)
    if (pool.next() !== null) waiter.start()
    else if (!pool.isAlive()) waiter.fail(whyNot(life))
    else if (queue.size >= maxPending) waiter.fail(full)
    else queue.add(waiter)
  }
  return (limit, use = null): Send =>
    (request, outlook) =>
      new Promise((resolve, reject) => {
        const prepare = use === null ? undefined : { terms: use.terms }
        const onReport = use?.onReport
        const job = { request, outlook, limit, prepare, resolve, reject, onReport }
        const start = (): void => begin(job)
        const waiter: LaneWaiter = { start, refuse: () => reject(full), fail: reject }
        let isAborted = false
        outlook.onAbort((why) => {
          isAborted = true
          queue.take(waiter)
          reject(why)
        })
        if (!isAborted) enter(waiter)
      })
}
