/** The thread of a lane begins here. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { LaneTask } from './lane-messages.ts'
import { runLane } from './run-lane.ts'

const start = (port: MessagePort): Promise<void> =>
  runLane(workerData as LaneTask, {
    post: (message, bytes) =>
      port.postMessage(message, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]),
    hear: (listener) => port.on('message', listener),
    close: () => port.close(),
  })

// The port is handed over first, so that code that speaks to its parent thread is not understood.
parentPort?.once('message', ({ port }: { port: MessagePort }) => void start(port))
