/** Tells a target's own time from what Banyan adds to it. */
import { performance } from 'node:perf_hooks'
import type { Send } from '../targets/send.ts'

/**
 * Writes into each answer how long the wrapped Send took to its head. Belongs directly round a
 * target, inside of bulkhead and fallback, so that their waiting counts as Banyan's.
 */
export const withTiming =
  (send: Send, now: () => number = () => performance.now()): Send =>
  async (request, outlook) => {
    const startMs = now()
    const answer = await send(request, outlook)
    return { ...answer, targetMs: now() - startMs }
  }
