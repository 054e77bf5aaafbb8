/**
 * Threads that do not end though they were told to: what is stuck in the kernel hears nothing, and a
 * process that exits waits for it.
 */
import { setTimeout as after } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'

const stuck = new Set<Worker>()

/** Resolves when it has ended, or after that time without it. Never rejects. */
export const endThread = async (worker: Worker, withinMs: number): Promise<void> => {
  const ended = new AbortController()
  stuck.add(worker)
  const end = worker.terminate().then(
    () => void stuck.delete(worker),
    () => {},
  )
  const late = after(withinMs, undefined, { signal: ended.signal }).catch(() => {})
  await Promise.race([end, late])
  ended.abort()
}

/** Has the process end by a signal where its exit would wait for a thread that never ends. */
export const leaveStuckThreads = (): void => {
  process.on('exit', (code) => {
    if (stuck.size === 0) return
    const signal = code === 0 ? 'SIGTERM' : 'SIGKILL'
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
