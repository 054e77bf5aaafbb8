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

/** Looks for which a lane may owe its answer while the process grows no more: others may take its core. */
const mostLooks = 10

interface Question {
  /** What the process held when it was asked. */
  readonly bytes: number
  looks: number
}

/**
 * While the process grows, busy lanes are asked what they hold; one that is too busy to answer is
 * taken for what makes it grow: at once where it grows by as much again, else after a second.
 */
export const createMemoryWatch = ({ busy, limitBytes }: MemoryWatchOptions): MemoryWatch => {
  let timer: NodeJS.Timeout | null = null
  let calmBytes = 0
  let question: Question | null = null
  const close = (): void => {
    if (timer !== null) clearInterval(timer)
    timer = null
  }
  const silent = (): readonly Lane[] => busy().filter((lane) => lane.isSilent())
  const judge = ({ bytes, looks }: Question, now: number): void => {
    const isOver = silent().length === 0 || now - bytes > limitBytes || looks >= mostLooks
    if (!isOver) return
    for (const lane of silent()) lane.end('memory')
    // Whoever answered was not it, or has been ended for what it said.
    calmBytes = now
    question = null
  }
  const look = (): void => {
    if (busy().length === 0) close()
    const bytes = process.memoryUsage.rss()
    if (question !== null) {
      question.looks++
      judge(question, bytes)
      return
    }
    calmBytes = Math.min(calmBytes, bytes)
    if (bytes - calmBytes <= limitBytes) return
    question = { bytes, looks: 0 }
    for (const lane of busy()) lane.ping()
  }
  return {
    begin() {
      if (timer !== null) return
      question = null
      calmBytes = process.memoryUsage.rss()
      timer = setInterval(look, everyMs).unref()
    },
    held(lane, bytes) {
      if (bytes > limitBytes) lane.end('memory')
    },
    close,
  }
}
