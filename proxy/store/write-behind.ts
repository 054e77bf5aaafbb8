/** Writes what waits, a little later, in batches, and again where that fails. Makes nobody wait. */
import { setTimeout as after } from 'node:timers/promises'
import type { Log } from '../telemetry/log.ts'
import { redactUrl } from '../telemetry/redact-url.ts'
import type { StoreLink } from './store-link.ts'
import type { Batch } from './store-worker.ts'
import type { WriteQueue } from './write-queue.ts'

/** What became of one write; `failed` ones are tried again, `dropped` ones are lost. */
export type WriteResult = 'written' | 'failed' | 'dropped'

/** Hears of every item of evidence and every exemplar; must not throw. */
export type CountWrites = (result: WriteResult, items: number) => void

export interface Health {
  readonly problem: string | null
  /** That a full disk can be read does not make it well. */
  readonly of: 'read' | 'write'
  readonly failures: number
}

export interface HealthWatch {
  current(): Health
  well(of: Health['of']): void
  ill(of: Health['of'], error: unknown): void
}

const atStart: Health = { problem: null, of: 'read', failures: 0 }

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Says once that the store went away, and once that it is back. */
export const createHealth = (url: string, log: Pick<Log, 'info' | 'warn'>): HealthWatch => {
  const store = redactUrl(url)
  let health = atStart
  return {
    current: () => health,
    well(of) {
      if (of === 'read' && health.of === 'write') return
      if (health.problem !== null) log.info('store_back', { store })
      health = atStart
    },
    ill(of, error) {
      const problem = messageOf(error)
      if (health.problem === null) log.warn('store_away', { store, why: problem })
      health = { problem, of: health.of === 'write' ? 'write' : of, failures: health.failures + 1 }
    },
  }
}

/** Milliseconds. */
export interface WritePace {
  /** From the first that waits to its writing. */
  readonly flushAfter: number
  /** After the first failure; twice as long after each further one, up to a minute. */
  readonly retryAfter: number
  /** What a close may take for what still waits. */
  readonly closeWithin: number
}

const usualPace: WritePace = { flushAfter: 2_000, retryAfter: 1_000, closeWithin: 2_000 }

export interface WriteBehindParts {
  readonly queue: WriteQueue
  readonly link: StoreLink
  readonly health: HealthWatch
  readonly count: CountWrites
  /** Default: two seconds, one, and two. */
  readonly pace?: WritePace
}

export interface WriteBehind {
  /** Something waits in the queue. */
  added(): void
  /** Items that will never be written. */
  lose(items: number): void
  dropped(): number
  /** Writes what waits, as far as its time allows, and ends the link. Never rejects. */
  close(): Promise<void>
}

const writeTimeoutMs = 30_000
const longestDelayMs = 60_000

const delayAfter = ({ failures }: Health, shortestMs: number): number =>
  Math.min(shortestMs * 2 ** Math.max(0, failures - 1), longestDelayMs)

const sizeOf = ({ evidence, exemplars }: Batch): number => evidence.length + exemplars.length

/** At most `ms`, and no timer is left behind. */
const within = async (work: Promise<void> | null, ms: number): Promise<void> => {
  const hurry = new AbortController()
  const late = after(ms, undefined, { signal: hurry.signal }).catch(() => {})
  await Promise.race([work, late])
  hurry.abort()
}

/** Everything that waits, batch by batch, until one fails or its time is over. */
const createWriteAll = (
  { queue, link, health, count }: WriteBehindParts,
  lose: WriteBehind['lose'],
): ((timeLeft: () => number) => Promise<void>) => {
  const writeBatch = async (batch: Batch, timeoutMs: number): Promise<boolean> => {
    try {
      const refused = Number(await link.call({ is: 'write', batch }, timeoutMs))
      count('written', sizeOf(batch) - refused)
      lose(refused)
      health.well('write')
      return true
    } catch (error) {
      count('failed', sizeOf(batch))
      lose(queue.giveBack(batch))
      health.ill('write', error)
      return false
    }
  }
  return async (timeLeft) => {
    // A timer may come by a part of a millisecond too early.
    for (let left = timeLeft(); left >= 1; left = timeLeft()) {
      const batch = queue.take()
      if (batch === null || !(await writeBatch(batch, left))) return
    }
  }
}

export const createWriteBehind = (parts: WriteBehindParts): WriteBehind => {
  const { queue, link, health, count, pace = usualPace } = parts
  let dropped = 0
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> | null = null
  let isClosed = false

  const lose = (items: number): void => {
    if (items === 0) return
    dropped += items
    count('dropped', items)
  }
  const writeAll = createWriteAll(parts, lose)
  const write = async (): Promise<void> => {
    await writeAll(() => (isClosed ? 0 : writeTimeoutMs))
    writing = null
    if (queue.size > 0) schedule(delayAfter(health.current(), pace.retryAfter))
  }
  const schedule = (delayMs: number): void => {
    if (timer !== null || isClosed) return
    timer = setTimeout(() => {
      timer = null
      writing = write()
    }, delayMs)
    timer.unref()
  }
  return {
    added() {
      if (writing === null) schedule(pace.flushAfter)
    },
    lose,
    dropped: () => dropped,
    async close() {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      const deadline = performance.now() + pace.closeWithin
      const timeLeft = (): number => deadline - performance.now()
      await within(writing, pace.closeWithin)
      await writeAll(timeLeft)
      await link.close(Math.max(100, timeLeft()))
      await within(writing, 100)
      lose(queue.size)
    },
  }
}
