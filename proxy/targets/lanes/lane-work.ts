/** What a lane is at work on, and what changes while it lives. */
import { failure } from '../failure.ts'
import type { Failure } from '../send.ts'
import type { Lane, LaneJob } from './lane.ts'
import { createLaneExchange, type LaneExchange } from './lane-exchange.ts'
import type { LaneHost } from './lane-host.ts'
import { isUnfit } from './lane-messages.ts'
import { type Supervisor, superviseExchange } from './lane-supervisor.ts'

/** The exchange of a lane that is at work. */
export interface Work {
  readonly exchange: LaneExchange
  readonly supervisor: Supervisor
  /** Whether the handler has been asked: its driver is prepared. */
  readonly isAsked: () => boolean
  /** What its driver has prepared. */
  readonly prepared: (result: unknown) => void
  /** Takes the first report only. */
  readonly report: (report: unknown) => void
}

/** What changes while a lane lives. */
export interface Life {
  state: ReturnType<Lane['state']>
  work: Work | null
  served: number
  isSilent: boolean
  prepared: (result: unknown) => void
}

/** The handler was never asked. */
export const lost: Failure = failure('connection_terminated', 'modern', 'none', {
  detail: 'The lane ended before the handler was asked.',
})

const onceOnly = (hear: ((report: unknown) => void) | undefined): Work['report'] => {
  let isOver = false
  return (report) => {
    if (!isOver) hear?.(report)
    isOver = true
  }
}

export const startWork = (
  { request, outlook, limit, prepare, resolve, reject, onReport }: LaneJob,
  about: Pick<LaneHost, 'post'> & Pick<Lane, 'ping' | 'end' | 'served'> & { now: () => number },
): Work => {
  const { post, ping, end, served, now } = about
  const supervisor = superviseExchange({
    isPrepared: prepare === undefined,
    exchange: () => exchange,
    giveUp: () => end('timeout'),
    ...{ limit, ping, now },
  })
  const { over } = supervisor
  const report = onceOnly(onReport)
  let isAsked = prepare === undefined
  const of = served()
  const exchange = createLaneExchange({
    ...{ of, request, prepare, outlook, post, resolve, reject, over },
  })
  return {
    isAsked: () => isAsked,
    prepared(result) {
      // What a lane was held for has been told to who held it.
      if (prepare === undefined) return
      isAsked = !isUnfit(result)
      if (isAsked) {
        supervisor.begin()
        return
      }
      report(result)
      exchange.stop(lost)
    },
    ...{ exchange, supervisor, report },
  }
}

/**
 * Takes leave of what a lane was at work on; `why`: what it fails with, where it is not over; `report`: what
 * it did to its database, where that is known.
 */
export const leaveWork = (life: Life, why: Failure | null, report: unknown = null): void => {
  const { work } = life
  life.work = null
  if (work === null) return
  if (why !== null) work.exchange.stop(why)
  work.supervisor.end()
  work.exchange.detach()
  work.report(report)
}
