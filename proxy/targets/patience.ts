/** How long an attempt may take. */
import type { Watch, Watched } from './watch.ts'

export interface Limits {
  /** From the last byte that the upstream took to the head of its answer. */
  readonly firstByteMs: number
  /** Between two chunks of an answer. */
  readonly idleMs: number
  /** From the request's arrival, or the end of its upload, to the head. All attempts share it. */
  readonly totalMs: number
}

export interface PatienceOptions {
  readonly limits: Limits
  readonly receivedMs: number
  readonly now: () => number
  /** Of the same clock. */
  readonly watch: Watch
  /** Whether the upload stands still because the client does: no time is counted then. */
  readonly isClientAwaited: () => boolean
  readonly expire: () => void
}

export interface Patience {
  /** The request is being sent. */
  begin(): void
  /** The upload has moved; `isComplete`: the client has sent all of it. */
  sent(isComplete: boolean): void
  /** The head is here. `isEndless`: what follows may come as rarely as it likes. */
  head(isEndless: boolean): void
  /** A chunk is here. */
  moved(): void
  /** Whether the client wants no more for now: no time is counted then. */
  pause(isPaused: boolean): void
  end(): void
}

export const createPatience = (options: PatienceOptions): Patience => {
  const { limits, receivedMs, now, watch, isClientAwaited, expire } = options
  let hasBegun = false
  let hasHead = false
  let isPaused = false
  let fromMs = receivedMs
  let sinceMs = receivedMs

  /** When the limit that applies now is reached; null: none does. */
  const due = (): number | null => {
    if (hasHead) return isPaused ? null : sinceMs + limits.idleMs
    if (hasBegun && isClientAwaited()) return null
    const totalDueMs = fromMs + limits.totalMs
    return hasBegun ? Math.min(totalDueMs, sinceMs + limits.firstByteMs) : totalDueMs
  }
  const watched: Watched = {
    place: -1,
    look(nowMs) {
      const dueMs = due()
      if (dueMs !== null && dueMs <= nowMs) expire()
    },
  }
  watch.add(watched)
  return {
    begin() {
      hasBegun = true
      sinceMs = now()
    },
    sent(isComplete) {
      sinceMs = now()
      if (isComplete) fromMs = sinceMs
    },
    head(isEndless) {
      hasHead = true
      sinceMs = now()
      if (isEndless) watch.remove(watched)
    },
    moved() {
      sinceMs = now()
    },
    pause(wanted) {
      isPaused = wanted
      sinceMs = now()
    },
    end: () => watch.remove(watched),
  }
}
