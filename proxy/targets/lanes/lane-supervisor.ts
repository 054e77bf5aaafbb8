/** How long a lane may be at work on one request, judged from outside: a lane that spins cannot. */
import { failure } from '../failure.ts'
import type { LaneExchange } from './lane-exchange.ts'

/** `head`: to the head of the answer, then for as long as it flows. `exchange`: for all of it. */
export interface LaneLimit {
  readonly ms: number
  readonly of: 'head' | 'exchange'
}

export interface Supervisor {
  /** The driver is prepared: the handler's time runs from now. */
  begin(): void
  /** The answer is over: the handler has what is left of its time to come to an end. */
  over(): void
  /** The lane has answered a ping. */
  pong(): void
  end(): void
}

export interface SupervisorParts {
  readonly limit: LaneLimit
  /** False: its driver is prepared first, until `begin`. */
  readonly isPrepared: boolean
  readonly exchange: () => LaneExchange | null
  readonly ping: () => void
  /** The lane is to be ended. */
  readonly giveUp: () => void
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** A driver that is not prepared by then never will be. */
export const prepareMs: number = 8_000

/** How long a handler that was told to stop may take for it. */
const graceMs = 250

/** Why there is no more of an answer. */
export const overrun = (hasHead: boolean): ReturnType<typeof failure> =>
  failure(hasHead ? 'http_response_incomplete' : 'http_response_timeout', 'modern', 'unknown')

export const superviseExchange = (parts: SupervisorParts): Supervisor => {
  const { limit, isPrepared, exchange, ping, giveUp, now } = parts
  let startedMs = now()
  let isSilent = false
  let hasBegun = isPrepared
  let isOver = false
  let timer: NodeJS.Timeout

  /** A stream may go on, and a client may upload, for as long as the lane itself is alive. */
  const mayGoOn = ({ hasHead, isUploading }: LaneExchange): boolean =>
    limit.of === 'head' && !isSilent && (hasHead() || isUploading())
  const look = (): void => {
    const current = exchange()
    if (current === null) return
    if (mayGoOn(current)) {
      isSilent = true
      ping()
      timer = setTimeout(look, limit.ms)
    } else current.stop(overrun(current.hasHead()))
  }
  const rest = (): NodeJS.Timeout =>
    setTimeout(giveUp, Math.max(graceMs, limit.ms - (now() - startedMs)))
  timer = isPrepared ? setTimeout(look, limit.ms) : setTimeout(giveUp, prepareMs)
  return {
    begin() {
      hasBegun = true
      clearTimeout(timer)
      startedMs = now()
      timer = isOver ? rest() : setTimeout(look, limit.ms)
    },
    over() {
      isOver = true
      // Nobody wants it any more; its driver has its own time all the same.
      if (!hasBegun) return
      clearTimeout(timer)
      timer = rest()
    },
    pong() {
      isSilent = false
    },
    end: () => clearTimeout(timer),
  }
}
