/** The process of a lane begins here. */
import { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { createFrameReader, createFrameWriter } from './lane-frames.ts'
import { carryError, type FromChild, type LaneChild, type ToLane } from './lane-messages.ts'
import { runLane } from './run-lane.ts'

const startGuard = (told: LaneChild): void => {
  const { parent, mostBytes } = told
  const guard = new Worker(new URL('./lane-guard.js', import.meta.url), {
    workerData: { parent, mostBytes },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  })
  guard.unref()
}

/** Whoever ends the edge ends it, and it ends this: a signal to both is meant for the edge. */
const ignoreSignals = (): void => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
}

const link = new Socket({ fd: 3, readable: true, writable: true })

/** What follows in the same turn may go with these; all else may be the last that is heard of it. */
const waits: ReadonlySet<FromChild['is']> = new Set(['head', 'chunk', 'end', 'taken', 'idle'])

const writer = createFrameWriter(link)
const post = (message: FromChild): void => {
  writer.post(message)
  if (!waits.has(message.is)) writer.flush()
}
// Nor does code that ends its process.
process.on('exit', writer.flush)

const tellThrown = (error: unknown): void => {
  post({ is: 'threw', error: carryError(error) })
  // What Node would print of it is in the log already.
  if (process.listenerCount('uncaughtException') === 0) process.exit(1)
}

const start = (told: LaneChild, hear: (listener: (message: ToLane) => void) => void): void => {
  startGuard(told)
  ignoreSignals()
  process.on('uncaughtExceptionMonitor', tellThrown)
  const close = (): void => {
    writer.flush()
    link.end()
  }
  void runLane(told.task, { post, hear, close })
}

/** What is said before it is heard waits. */
const createEar = () => {
  const waiting: ToLane[] = []
  let tell = (message: ToLane): void => void waiting.push(message)
  return {
    take: (message: ToLane): void => tell(message),
    hear(listener: (message: ToLane) => void): void {
      tell = listener
      for (const message of waiting.splice(0)) listener(message)
    },
  }
}

const ear = createEar()
let isStarted = false
const { read } = createFrameReader((message) => {
  if (isStarted) ear.take(message as ToLane)
  else {
    isStarted = true
    start(message as LaneChild, ear.hear)
  }
})
link.on('data', read)
link.on('error', () => {})
link.on('close', () => process.exit(0))
