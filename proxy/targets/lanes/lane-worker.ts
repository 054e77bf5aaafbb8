/** The thread of a lane begins here. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { LaneTask } from './lane-messages.ts'
import { stepBack } from './lane-priority.ts'

const task = workerData as LaneTask

const start = async (port: MessagePort): Promise<void> => {
  // Loading is most of what a short-lived lane costs.
  const { runLane } = await import('./run-lane.ts')
  await runLane(task, {
    post: (message, bytes) =>
      port.postMessage(message, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]),
    hear: (listener) => port.on('message', listener),
    close: () => port.close(),
  })
}

if (task.role === 'shadow') stepBack()
// The port is handed over first, so that code that speaks to its parent thread is not understood.
parentPort?.once('message', ({ port }: { port: MessagePort }) => void start(port))
