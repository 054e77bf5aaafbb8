/**
 * A thread in the process of a lane: ends the process once nobody is left whom it serves, and once it
 * holds too much, whatever the handlers are at.
 */
import { workerData } from 'node:worker_threads'
import type { LaneChild } from './lane-child.ts'

const everyMs = 100

const { parent, mostBytes } = workerData as LaneChild

setInterval(() => {
  if (process.ppid !== parent || process.memoryUsage.rss() > mostBytes) {
    process.kill(process.pid, 'SIGKILL')
  }
}, everyMs)
