/**
 * A thread in the process of a lane: ends the process once nobody is left whom it serves, and once it
 * holds too much, whatever the handlers are at.
 */
import { workerData } from 'node:worker_threads'
import type { LaneChild } from './lane-messages.ts'

const everyMs = 100

/** Looks that the lane has to see for itself that it is alone, and to clear up. */
const mostAlone = 10

const { parent, mostBytes } = workerData as LaneChild

let alone = 0
setInterval(() => {
  if (process.ppid !== parent) alone++
  if (alone > mostAlone || process.memoryUsage.rss() > mostBytes) {
    process.kill(process.pid, 'SIGKILL')
  }
}, everyMs)
