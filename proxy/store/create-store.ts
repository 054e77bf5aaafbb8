/** The store of a process: everything it is asked for is done elsewhere, in a thread of its own. */
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

/**
 * Opens nothing until there is something to write or to read. Where the database cannot be used,
 * everything but reading goes on as if there were one, and `status` says why.
 */
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

  const read = async (call: StoreCall): Promise<unknown> => {
    try {
      const value = await link.call(call, readTimeoutMs)
      health.well('read')
      return value
    } catch (error) {
      health.ill('read', error)
      throw new Error(`the store ${url} cannot be read: ${messageOf(error)}`)
    }
  }
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
