/** A lane in a worker thread, and the port by which the two threads speak. */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { endThread } from '../../stuck-threads.ts'
import type { HostOptions, StartHost } from './lane-host.ts'
import { carryError } from './lane-messages.ts'

const mebi = 1_048_576

const causeOf = (error: unknown): 'memory' | 'error' =>
  (error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'error'

const startWorker = ({ task, memoryBytes }: HostOptions): Worker =>
  new Worker(new URL('./lane-worker.js', import.meta.url), {
    name: `banyan-lane-${task.role}`,
    workerData: task,
    // The lane tells what it prints by its port; whoever reads these keeps the process.
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: Math.max(8, Math.floor(memoryBytes / mebi)),
      maxYoungGenerationSizeMb: 16,
    },
  })

export const startThread: StartHost = (options, to) => {
  const { log, task } = options
  const worker = startWorker(options)
  const { port1: port, port2: theirs } = new MessageChannel()
  port.on('message', to.hear)
  worker.postMessage({ port: theirs }, [theirs])
  /** What it said before its end may still lie in the port. */
  const died = (cause: 'memory' | 'exit' | 'error', thrown: string | null): void => {
    for (;;) {
      const rest = receiveMessageOnPort(port)
      if (rest === undefined) break
      to.hear(rest.message)
    }
    to.died(cause, thrown)
  }
  worker.on('error', (error: unknown) => {
    const cause = causeOf(error)
    log.error('lane_failed', { role: task.role, cause, err: error })
    died(cause, cause === 'error' ? carryError(error).message : null)
  })
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      died('exit', null)
      port.close()
      resolve()
    })
  })
  port.unref()
  worker.unref()
  return {
    gone,
    terminate: () => void endThread(worker, 0),
    post: (message, bytes) =>
      port.postMessage(message, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]),
  }
}
