/** Ends lanes that hold too much outside of their heap, which the engine's own limit does not count. */
import type { Lane } from './lane.ts'

export interface MemoryWatch {
  /** Watches for as long as a lane is busy. */
  begin(): void
  /** What a lane says of itself. */
  held(lane: Lane, bytes: number): void
  close(): void
}

export interface MemoryWatchOptions {
  readonly busy: () => readonly Lane[]
  readonly limitBytes: number
}

const everyMs = 100

/**
 * While the process grows, busy lanes are asked what they hold; one that is too busy to answer is
 * taken for what makes it grow.
 */
export const createMemoryWatch = ({ busy, limitBytes }: MemoryWatchOptions): MemoryWatch => {
  let timer: NodeJS.Timeout | null = null
  let calmBytes = 0
  let isAsking = false
  const close = (): void => {
    if (timer !== null) clearInterval(timer)
    timer = null
  }
  const endSilent = (): void => {
    for (const lane of busy()) if (lane.isSilent()) lane.end('memory')
  }
  const look = (): void => {
    if (busy().length === 0) close()
    const bytes = process.memoryUsage.rss()
    if (isAsking) endSilent()
    // Whoever answered was not it, or has been ended for what it said.
    calmBytes = isAsking ? bytes : Math.min(calmBytes, bytes)
    isAsking = bytes - calmBytes > limitBytes
    if (isAsking) for (const lane of busy()) lane.ping()
  }
  return {
    begin() {
      if (timer !== null) return
      isAsking = false
      calmBytes = process.memoryUsage.rss()
      timer = setInterval(look, everyMs).unref()
    },
    held(lane, bytes) {
      if (bytes > limitBytes) lane.end('memory')
    },
    close,
  }
}
