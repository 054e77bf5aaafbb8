/** The way to the store's thread: starts it at need, and starts another one when it ended. */
import { Worker } from 'node:worker_threads'
import { endThread } from '../stuck-threads.ts'
import type { CallMessage, ReplyMessage } from './store-thread.ts'
import type { StoreCall, WorkerConfig } from './store-worker.ts'

export interface StoreLink {
  /** Rejects with an Error for the operator, at the latest after `timeoutMs`. */
  call(call: StoreCall, timeoutMs: number): Promise<unknown>
  /** Lets the thread close its database within that time, then ends it. Never rejects. */
  close(timeoutMs: number): Promise<void>
}

interface Waiting {
  settle(value: unknown): void
  fail(error: Error): void
}

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
  /** It hangs, and has been told to end: one that cannot end must not be joined by others. */
  isAbandoned: boolean
}

const endWithinMs = 500
const heap = { maxOldGenerationSizeMb: 256 }

const startThread = (config: WorkerConfig, ended: () => void): Thread => {
  const worker = new Worker(new URL('./store-thread.js', import.meta.url), {
    workerData: config,
    resourceLimits: heap,
  })
  const waiting: Thread['waiting'] = new Map()
  const end = (why: string): void => {
    ended()
    for (const { fail } of waiting.values()) fail(new Error(why))
  }
  worker.on('message', ({ id, value, problem }: ReplyMessage) => {
    const caller = waiting.get(id)
    if (problem === null) caller?.settle(value)
    else caller?.fail(new Error(problem))
  })
  worker.on('error', (error) => end(`the thread of the store failed: ${error.message}`))
  worker.on('exit', () => end('the thread of the store ended'))
  worker.unref()
  return { worker, waiting, isAbandoned: false }
}

export const createStoreLink = (config: WorkerConfig): StoreLink => {
  let thread: Thread | null = null
  let lastId = 0

  const started = (): Thread => {
    if (thread?.isAbandoned === true) throw new Error('the thread of the store hangs')
    if (thread !== null) return thread
    const made = startThread(config, () => {
      if (thread === made) thread = null
    })
    thread = made
    return made
  }
  /** What hangs is not waited for twice. */
  const abandon = (hung: Thread): void => {
    hung.isAbandoned = true
    void hung.worker.terminate()
  }

  const ask = (call: CallMessage['call'], timeoutMs: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const used = started()
      const { worker, waiting } = used
      lastId += 1
      const id = lastId
      const done = (): void => {
        clearTimeout(timer)
        waiting.delete(id)
        if (waiting.size === 0) worker.unref()
      }
      const fail = (error: Error): void => {
        done()
        reject(error)
      }
      const settle = (value: unknown): void => {
        done()
        resolve(value)
      }
      const timer = setTimeout(() => {
        fail(new Error(`the store has not answered within ${timeoutMs / 1_000} s`))
        if (call.is === 'write') abandon(used)
      }, timeoutMs)
      waiting.set(id, { settle, fail })
      worker.ref()
      try {
        worker.postMessage({ id, call } satisfies CallMessage)
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)))
      }
    })
  return {
    call: ask,
    async close(timeoutMs) {
      if (thread === null) return
      const { worker } = thread
      await ask({ is: 'close' }, timeoutMs).catch(() => {})
      await endThread(worker, endWithinMs)
    },
  }
}
