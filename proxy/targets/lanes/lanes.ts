/**
 * Handlers away from the edge: what a young handler does to its lane (spins, leaks, exits) it does to
 * one request. A lane serves one request at a time and has module, globals and database connection of
 * its own. Lanes that are threads share the working directory, signals and native code with the edge.
 */
import { performance } from 'node:perf_hooks'
import type { HandlersConfig } from '../../config/config.ts'
import type { Isolation } from '../../config/isolation.ts'
import type { Log } from '../../telemetry/log.ts'
import { createQueue } from '../bulkhead.ts'
import type { Send } from '../send.ts'
import type { LaneCause } from './lane.ts'
import { createHold, type LaneHold } from './lane-hold.ts'
import { isolations } from './lane-isolation.ts'
import type { LaneDatabase } from './lane-messages.ts'
import { createPool, isRunning } from './lane-pool.ts'
import {
  createLaneSend,
  type LanesLife,
  type LaneUse,
  type LaneWaiter,
  missing,
  type Queueing,
  whyNot,
} from './lane-queue.ts'
import { createSeat, type Seat } from './lane-seat.ts'
import { createTurns } from './lane-turns.ts'
import type { Spawner } from './spawner.ts'

export type LaneRole = 'primary' | 'shadow'

/** A lane has ended, and another one will take its place. */
export interface LaneEvent {
  readonly is: 'ended'
  readonly role: LaneRole
  readonly cause: LaneCause
}

export interface LanesOptions {
  readonly config: HandlersConfig
  readonly role: LaneRole
  readonly isolation: Isolation
  /** Starts lanes that are processes. */
  readonly spawner: Spawner
  /** Requests served at once. One lane more is kept warm, for when another one ends. */
  readonly lanes: number
  /** Heap of each lane; as much again may lie outside of it. */
  readonly memoryBytes: number
  /** Requests that may wait for a lane. */
  readonly queue: number
  /** How long one may wait; default 2 s. */
  readonly queueTimeoutMs?: number
  /** Stands between the handlers and their database; default: nothing does. */
  readonly database?: LaneDatabase
  readonly log: Log
  readonly onEvent: (event: LaneEvent) => void
  /** Monotonic milliseconds; default `performance.now`. */
  readonly now?: () => number
}

export interface LanesStatus {
  readonly role: LaneRole
  /** Requests that can be served at once. */
  readonly lanes: number
  /** Lanes that serve or could. */
  readonly running: number
  readonly busy: number
  /** Requests that wait for a lane. */
  readonly waiting: number
  /** Lanes that ended and were, or will be, started again. */
  readonly restarts: number
  /** Why no lane can be started, and the way out; null: all is well. */
  readonly problem: string | null
}

export interface Lanes {
  /** Gives a handler `handlers.timeout` to its head; a stream may then flow for as long as it likes. */
  readonly send: Send
  /** Gives a handler so long for all of the exchange, from when a lane takes it. */
  within(deadlineMs: number, use?: LaneUse): Send
  /** Keeps a lane for one request to come, and prepares its driver; null: none is free now. */
  hold(terms: unknown): LaneHold | null
  /** Starts lanes before they are needed; resolves once one serves or cannot be started. */
  warm(): Promise<void>
  /** Whether every lane has ended badly and rests before it is started again. */
  isResting(): boolean
  /** Requests in a lane, or waiting for one. */
  inFlight(): number
  status(): LanesStatus
  /** Ends what is in flight and closes the handlers. Never rejects. */
  close(): Promise<void>
}

/** How long a request waits for a lane at most. */
const queueTimeoutMs = 2_000

/** Lanes that never were: without a module there is nothing to run in them. */
const noLanes = (role: LaneRole): Lanes => {
  const send: Send = () => Promise.reject(missing)
  return {
    send,
    within: () => send,
    hold: () => null,
    isResting: () => false,
    warm: async () => {},
    inFlight: () => 0,
    status: () => ({
      ...{ role, lanes: 0, running: 0, busy: 0, waiting: 0, restarts: 0, problem: null },
    }),
    close: async () => {},
  }
}

const createPoolParts = (module: string, options: LanesOptions): Queueing & { close(): void } => {
  const {
    config,
    role,
    isolation,
    spawner,
    memoryBytes,
    log,
    database = null,
    now = () => performance.now(),
  } = options
  const { databaseUrl, timeoutMs } = config
  const task = { module, databaseUrl, timeoutMs, role, database }
  const life: LanesLife = { restarts: 0, problem: null, isClosed: false, warming: [] }
  const queue = createQueue<LaneWaiter>(options.queueTimeoutMs ?? queueTimeoutMs, now)
  const turns = createTurns({ life, queue, pool: () => pool }, (cause, problem) => {
    log.warn('lane_ended', { role, cause, problem })
    options.onEvent({ is: 'ended', role, cause })
  })
  const memory = isolations[isolation].watchMemory({
    busy: () => pool.busy(),
    limitBytes: memoryBytes,
  })
  const seats: readonly Seat[] = Array.from({ length: options.lanes + 1 }, () =>
    createSeat(
      { task, isolation, spawner, memoryBytes, log, now },
      {
        ...turns,
        held: memory.held,
        // Loading handlers takes all of a core; one finds out whether they have changed.
        mayStart: () => seats.every(({ lane }) => lane?.state() !== 'starting'),
      },
    ),
  )
  const pool = createPool(options.lanes, seats)
  return {
    ...{ life, queue, pool, maxPending: options.queue, close: memory.close },
    begin(job) {
      const lane = pool.next()
      if (lane === null) {
        job.reject(whyNot(life))
        return
      }
      memory.begin()
      lane.begin(job)
    },
  }
}

/** A pool of lanes. They are started when they are first needed; nothing of them keeps the process. */
export const createLanes = (options: LanesOptions): Lanes => {
  const { config, role, lanes } = options
  if (config.module === null || lanes === 0) return noLanes(role)
  const parts = createPoolParts(config.module, options)
  const { life, pool, queue } = parts
  const sendWith = createLaneSend(parts)
  return {
    send: sendWith({ ms: config.timeoutMs, of: 'head' }),
    within: (ms, use) => sendWith({ ms, of: 'exchange' }, use),
    hold(terms) {
      if (life.isClosed || life.problem !== null) return null
      pool.grow(pool.busy().length + 1)
      const lane = pool.next()
      return lane === null ? null : createHold(lane, terms)
    },
    isResting: () => !pool.isAlive() && pool.seats.every((seat) => !seat.isEmpty()),
    inFlight: () => pool.busy().length + queue.size,
    warm: () =>
      new Promise((resolve) => {
        if (life.problem !== null || life.isClosed) {
          resolve()
          return
        }
        pool.grow(1)
        if (pool.seats.some(({ lane }) => isRunning(lane)) || !pool.isAlive()) resolve()
        else life.warming.push(resolve)
      }),
    status: () => ({
      ...{ role, lanes, restarts: life.restarts, problem: life.problem },
      running: pool.seats.filter(({ lane }) => isRunning(lane)).length,
      busy: pool.busy().length,
      waiting: queue.size,
    }),
    async close() {
      if (life.isClosed) return
      life.isClosed = true
      parts.close()
      await Promise.all(pool.seats.map((seat) => seat.close()))
      for (const tell of life.warming.splice(0)) tell()
    },
  }
}
