/** What a battery leaves behind, and how late the machine itself is. */
import { performance } from 'node:perf_hooks'
import { setTimeout as pass } from 'node:timers/promises'

/** Sockets that this process holds open, those of the tests' own clients and origins included. */
export const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => /^(?:TCPSocketWrap|TLSWrap)$/.test(name)).length

/** Resolves with the last count once it is no more than `most`, or after two seconds. */
export const settles = async (count: () => number, most: number): Promise<number> => {
  const untilMs = performance.now() + 2_000
  while (count() > most && performance.now() < untilMs) await pass(10)
  return count()
}

/** Milliseconds that something took, less what a timer was late at most meanwhile. */
export const timed = async (run: () => Promise<void>): Promise<number> => {
  let latest = 0
  let dueMs = performance.now() + 5
  const timer = setInterval(() => {
    const nowMs = performance.now()
    latest = Math.max(latest, nowMs - dueMs)
    dueMs = nowMs + 5
  }, 5)
  const startedMs = performance.now()
  await run()
  clearInterval(timer)
  return performance.now() - startedMs - latest
}

/** Numbers that look drawn and are the same in every run: xorshift32, 0 <= n < 1. */
export const createDraw = (seed: number): (() => number) => {
  let state = seed || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
