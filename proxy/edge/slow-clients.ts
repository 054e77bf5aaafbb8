/**
 * Holds clients to a pace: one that neither sends nor takes would keep its connection, and the place
 * of its request at a target, for as long as it likes.
 */
import type { Socket } from 'node:net'
import type { ListenConfig } from '../config/config.ts'
import type { Watch, Watched } from '../targets/watch.ts'

/** Limits of `listen.limits` by their keys; values of `limit_hits_total{limit}`. */
export const clientLimits = [
  'connections',
  'inFlight',
  'bodyIdle',
  'writeIdle',
  'streamResets',
] as const
export type ClientLimit = (typeof clientLimits)[number]

/** How many bytes have come so far, and whether it is this side that has them wait. */
export interface Incoming {
  readonly received: () => number
  readonly isHeld: () => boolean
}

export interface SlowClients {
  /** @param expire called once, when the upload is too slow. Returns what ends the watch. */
  watchUpload(upload: Incoming, expire: () => void): () => void
  /**
   * @param backlog tells what still waits for the client by a number that changes with every byte
   *   it takes; 0: nothing waits
   */
  watchReader(backlog: () => number, expire: () => void): () => void
}

export interface SlowClientsOptions {
  readonly limits: ListenConfig['limits']
  readonly watch: Watch
  /** Monotonic milliseconds, the clock of the watch. */
  readonly now: () => number
  readonly onLimit: (limit: ClientLimit) => void
}

interface Window {
  /** Undefined: nobody is hurried. */
  readonly ms: number | undefined
  /** Whether enough has moved since this was asked last. */
  readonly hasMoved: () => boolean
  readonly expire: () => void
}

const nothing = (): void => {}

export const createSlowClients = (options: SlowClientsOptions): SlowClients => {
  const { limits, watch, now, onLimit } = options
  const { bodyIdleMs, bodyRateBytes = 1, writeIdleMs } = limits
  /** Judges one window of time after the other. */
  const watchWindows = ({ ms, hasMoved, expire }: Window): (() => void) => {
    if (ms === undefined) return nothing
    let dueMs = now() + ms
    const watched: Watched = {
      place: -1,
      look(nowMs) {
        if (nowMs < dueMs) return
        dueMs = nowMs + ms
        if (hasMoved()) return
        watch.remove(watched)
        expire()
      },
    }
    watch.add(watched)
    return () => watch.remove(watched)
  }
  return {
    watchUpload({ received, isHeld }, expire) {
      const least = Math.max(1, (bodyRateBytes * (bodyIdleMs ?? 0)) / 1_000)
      let before = received()
      return watchWindows({
        ms: bodyIdleMs,
        hasMoved() {
          const came = received() - before
          before += came
          return isHeld() || came >= least
        },
        expire() {
          onLimit('bodyIdle')
          expire()
        },
      })
    },
    watchReader(backlog, expire) {
      let before = 0
      return watchWindows({
        ms: writeIdleMs,
        hasMoved() {
          const waits = backlog()
          const moved = waits === 0 || waits !== before
          before = waits
          return moved
        },
        expire() {
          onLimit('writeIdle')
          expire()
        },
      })
    },
  }
}

/**
 * What waits in a socket, as `watchReader` asks: Node takes a chunk off its own queue only once all
 * of it has gone, while the kernel's side of it (libuv's) shrinks with every byte.
 */
export const socketBacklog = (socket: Socket): number => {
  const { _handle: handle } = socket as { _handle?: { writeQueueSize?: number } | null }
  return socket.writableLength + (handle?.writeQueueSize ?? 0)
}
