/** A lane that is kept for one request to come. */
import type { Send } from '../send.ts'
import type { Lane } from './lane.ts'
import { prepareMs } from './lane-supervisor.ts'
import { lost } from './lane-work.ts'

export interface LaneHold {
  /** What the driver says once it is prepared; null: the lane has ended. Never rejects. */
  readonly prepared: Promise<unknown>
  /** Serves the one request. @param onReport as in `LaneUse` */
  within(deadlineMs: number, onReport: (report: unknown) => void): Send
  /** No request comes. Does nothing after it has come. */
  release(): void
}

export const createHold = (lane: Lane, terms: unknown): LaneHold => {
  const timer = setTimeout(() => lane.end('timeout'), prepareMs)
  const prepared = lane.hold(terms).finally(() => clearTimeout(timer))
  const served = lane.served()
  let isReleased = false
  const isMine = (): boolean => !isReleased && lane.state() === 'held' && lane.served() === served
  return {
    prepared,
    within: (ms, onReport) => (request, outlook) =>
      new Promise((resolve, reject) => {
        if (isMine()) {
          const limit = { ms, of: 'exchange' } as const
          lane.begin({ request, outlook, limit, onReport, resolve, reject })
          return
        }
        onReport(null)
        reject(lost)
      }),
    release() {
      if (!isMine()) return
      // The lane is told so only when it comes to it: no request may follow meanwhile.
      isReleased = true
      lane.release()
    },
  }
}
