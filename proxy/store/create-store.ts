/** The store of a process: everything it is asked for is done elsewhere, in a thread of its own. */
import { setTimeout as after } from 'node:timers/promises'
import type { Evidence } from '../cutover/evidence.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Log } from '../telemetry/log.ts'
import { redactUrl } from '../telemetry/redact-url.ts'
import type { Store } from './store.ts'
import { createStoreLink, type StoreLink } from './store-link.ts'
import type { StoreCall, WorkerConfig } from './store-worker.ts'
import {
  type CountWrites,
  createHealth,
  createWriteBehind,
  messageOf,
  type WritePace,
} from './write-behind.ts'
import { createWriteQueue, type QueueLimits } from './write-queue.ts'

export interface StoreIo {
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly count: CountWrites
  /** Default: a thread of its own. */
  readonly link?: StoreLink
  readonly limits?: QueueLimits
  readonly pace?: WritePace
}

const readTimeoutMs = 10_000
/** What a store that was away may take to show that it is back. */
const againWithinMs = 500

const unreadable = (url: string, why: string): Error =>
  new Error(`the store ${url} cannot be read: ${why}`)

type Ask = (call: StoreCall) => Promise<unknown>

/**
 * What hangs is waited for once. While the store is away a call tries for a moment whether it is back,
 * and is left behind then; as long as that hangs, all others fail at once.
 *
 * @param whyAway null: it could be read the last time
 */
const createRead = (ask: Ask, whyAway: () => Error | null): Ask => {
  let leftBehind = 0
  const attempt = async (call: StoreCall, away: Error): Promise<unknown> => {
    const hurry = new AbortController()
    const asked = ask(call).finally(() => hurry.abort())
    const late = after(againWithinMs, away, { signal: hurry.signal }).catch(() => asked)
    const first = await Promise.race([asked, late])
    if (first !== away) return first
    leftBehind += 1
    const settled = (): void => {
      leftBehind -= 1
    }
    asked.then(settled, settled)
    throw away
  }
  return async (call) => {
    const away = whyAway()
    if (away === null) return ask(call)
    if (leftBehind > 0) throw away
    return attempt(call, away)
  }
}

export const createStore = (config: WorkerConfig, io: StoreIo): Store => {
  const { count, link = createStoreLink(config) } = io
  const url = redactUrl(config.url)
  const queue = createWriteQueue(io.limits)
  const health = createHealth(config.url, io.log)
  const behind = createWriteBehind({
    ...{ queue, link, health, count },
    ...(io.pace === undefined ? {} : { pace: io.pace }),
  })
  let closing: Promise<void> | null = null
  /** That nothing can be written, on a full disk, says nothing of reading. */
  let unread: Error | null = null

  const ask = async (call: StoreCall): Promise<unknown> => {
    try {
      const value = await link.call(call, readTimeoutMs)
      health.well('read')
      unread = null
      return value
    } catch (error) {
      health.ill('read', error)
      unread = unreadable(url, messageOf(error))
      throw unread
    }
  }
  const read = createRead(ask, () => unread)
  return {
    putEvidence(evidence) {
      if (closing !== null) return behind.lose(1)
      behind.lose(queue.addEvidence(evidence))
      behind.added()
    },
    putExemplar(exemplar) {
      if (closing !== null || !queue.addExemplar(exemplar)) return behind.lose(1)
      behind.added()
    },
    readEvidence: async (route) => (await read({ is: 'evidence', route })) as readonly Evidence[],
    findExemplars: async (query) => (await read({ is: 'find', query })) as readonly Exemplar[],
    getExemplar: async (id, route) => (await read({ is: 'get', id, route })) as Exemplar | null,
    status: () => ({ url, problem: health.current().problem, dropped: behind.dropped() }),
    close() {
      closing ??= behind.close()
      return closing
    },
  }
}
