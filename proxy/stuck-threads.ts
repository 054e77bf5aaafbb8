/**
 * Threads that do not end though they were told to: what is stuck in the kernel hears nothing, and a
 * process that exits waits for it.
 */
import { setTimeout as after } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

const stuck = new Set<Worker>()

/** Resolves with it, or after that time without it. Rejects only where it does. */
export const atMost = async (withinMs: number, end: Promise<unknown>): Promise<void> => {
  const ended = new AbortController()
  const late = after(withinMs, undefined, { signal: ended.signal }).catch(() => {})
  try {
    await Promise.race([end, late])
  } finally {
    ended.abort()
  }
}

/** Resolves when it has ended, or after that time without it. Never rejects. */
export const endThread = (worker: Worker, withinMs: number): Promise<void> => {
  stuck.add(worker)
  const end = worker.terminate().then(
    () => void stuck.delete(worker),
    () => {},
  )
  return atMost(withinMs, end)
}

/** Has the process end by a signal where its exit would wait for a thread that never ends. */
export const leaveStuckThreads = (): void => {
  process.on('exit', (code) => {
    if (stuck.size === 0) return
    const signal = code === 0 ? 'SIGTERM' : 'SIGKILL'
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
    // The first process of a container hears no signal of its own; a fault ends it all the same.
    if (process.pid === 1) process.abort()
  })
}
