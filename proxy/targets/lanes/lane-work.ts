/** What a lane is at work on, and what changes while it lives. */
import type { Failure } from '../send.ts'
import type { Lane, LaneJob } from './lane.ts'
import { createLaneExchange, type LaneExchange } from './lane-exchange.ts'
import type { LaneHost } from './lane-host.ts'
import { type Supervisor, superviseExchange } from './lane-supervisor.ts'

/** The exchange of a lane that is at work. */
export interface Work {
  readonly exchange: LaneExchange
  readonly supervisor: Supervisor
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

const onceOnly = (hear: ((report: unknown) => void) | undefined): Work['report'] => {
  let isOver = false
  return (report) => {
    if (!isOver) hear?.(report)
    isOver = true
  }
}

export const startWork = (
  { request, outlook, limit, resolve, reject, onReport }: LaneJob,
  about: Pick<LaneHost, 'post'> & Pick<Lane, 'ping' | 'end' | 'served'> & { now: () => number },
): Work => {
  const { post, ping, end, served, now } = about
  const supervisor = superviseExchange({
    ...{ limit, ping, now },
    exchange: () => exchange,
    giveUp: () => end('timeout'),
  })
  const { over } = supervisor
  const parts = { of: served(), request, outlook, post, resolve, reject, over }
  const exchange = createLaneExchange(parts)
  return { exchange, supervisor, report: onceOnly(onReport) }
}

/** Takes leave of what a lane was at work on; `why`: what it fails with, where it is not over. */
export const leaveWork = (life: Life, why: Failure | null): void => {
  const { work } = life
  life.work = null
  if (work === null) return
  if (why !== null) work.exchange.stop(why)
  work.supervisor.end()
  work.exchange.detach()
  work.report(null)
}
