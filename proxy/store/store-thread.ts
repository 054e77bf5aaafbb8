/** The thread of the store: libsql is synchronous, and a database may hang. */
import { parentPort, workerData } from 'node:worker_threads'
import { stepBack } from '../targets/lanes/lane-priority.ts'
import type { StoreCall, StoreWorker, WorkerConfig } from './store-worker.ts'

export interface CallMessage {
  readonly id: number
  readonly call: StoreCall | { readonly is: 'close' }
}

export interface ReplyMessage {
  readonly id: number
  readonly value: unknown
  /** Null: it was done. */
  readonly problem: string | null
}

const parent = parentPort
if (parent === null) throw new Error('the store runs in a worker thread')

const messageOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message || error.name : String(error)
  // Drivers quote the statement, and with it the values.
  return message.split('\n')[0]?.slice(0, 300) ?? ''
}

const start = async (): Promise<StoreWorker> => {
  try {
    const { createStoreWorker } = await import('./store-worker.ts')
    return createStoreWorker(workerData as WorkerConfig, Date.now)
  } catch (error) {
    throw new Error(`the database driver cannot be loaded: ${messageOf(error)}`)
  }
}

stepBack()
const worker = start()
worker.catch(() => {})

const reply = async ({ id, call }: CallMessage): Promise<void> => {
  try {
    const ready = await worker
    const value = call.is === 'close' ? await ready.close() : await ready.handle(call)
    parent.postMessage({ id, value, problem: null } satisfies ReplyMessage)
  } catch (error) {
    parent.postMessage({ id, value: null, problem: messageOf(error) } satisfies ReplyMessage)
  }
}

parent.on('message', (message: CallMessage) => void reply(message))
