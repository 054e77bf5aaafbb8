/** One recording from its first line to its last: what it takes, how much of it, and when it ends. */
import { Buffer } from 'node:buffer'
import {
  type RecordingCounts,
  type RecordingDrop,
  type RecordingEnding,
  type RecordingHead,
  type RecordingLine,
  recordingVersion,
} from './recorded.ts'
import { recordingText } from './recording-text.ts'

export interface RecordingOrder {
  /** Ids; empty: all of them. */
  readonly routes: readonly string[]
  readonly forMs: number
  /** Exchanges at most. */
  readonly limit: number
  /** Bytes of lines at most. */
  readonly limitBytes: number
}

/** Where the lines go. */
export interface RecordingSink {
  /** False: the reader is slow, and the line was not taken. */
  write(text: string): boolean
  end(): void
}

export interface Recording {
  readonly order: RecordingOrder
  counts(): RecordingCounts
  leftMs(): number
  /** Writes the head, and sets its end. */
  begin(): void
  /** Whether it takes one more exchange, of this route. */
  wants(route: string): boolean
  /** One exchange is under way: `take` or `drop` follows. */
  begun(): void
  /** Takes a line; null: there is none for want of it. Whether it was written. */
  take(text: string | null): boolean
  drop(why: RecordingDrop): void
  /** Takes nothing more, and ends when what is under way is written. */
  stop(why: RecordingEnding): void
  /** Ends it now. */
  end(why: RecordingEnding): void
}

/** Longest that what is under way is waited for: an answer may flow for hours. */
const lastWaitMs = 15_000
const progressMs = 1_000

type Counting = { recorded: number; bytes: number; dropped: Record<RecordingDrop, number> }

const nothing = (): Counting => ({
  recorded: 0,
  bytes: 0,
  dropped: { memory: 0, slow_reader: 0, failed: 0 },
})

/** Counts what is written and what is not. */
const createCounting = (to: RecordingSink) => {
  const count = nothing()
  return {
    counts: (): RecordingCounts => ({ ...count, dropped: { ...count.dropped } }),
    drop(why: RecordingDrop): void {
      count.dropped[why] += 1
    },
    /** Whether it was written. */
    admit(text: string): boolean {
      const isTaken = to.write(text)
      if (isTaken) {
        count.recorded += 1
        count.bytes += Buffer.byteLength(text)
      } else count.dropped.slow_reader += 1
      return isTaken
    },
  }
}

/** What ends by itself, sooner or later. */
const createEnding = (to: RecordingSink, last: (why: RecordingEnding) => RecordingLine) => {
  const timers = new Set<NodeJS.Timeout>()
  let isOver = false
  return {
    isOver: () => isOver,
    keep(timer: NodeJS.Timeout): void {
      timers.add(timer.unref())
    },
    /** False: it was over. */
    end(why: RecordingEnding): boolean {
      if (isOver) return false
      isOver = true
      for (const timer of timers) clearTimeout(timer)
      if (why !== 'reader_gone') to.write(recordingText(last(why)))
      to.end()
      return true
    },
  }
}

/** @param onEnd called once */
export const createRecording = (
  order: RecordingOrder,
  head: Omit<RecordingHead, 'recording' | 'routes'>,
  to: RecordingSink,
  onEnd: (why: RecordingEnding) => void,
): Recording => {
  const { counts, drop, admit } = createCounting(to)
  const ending = createEnding(to, (why) => ({ end: { ...counts(), why, at: Date.now() } }))
  const routes = new Set(order.routes)
  const startMs = Date.now()
  let underWay = 0
  let stopping: RecordingEnding | null = null

  const leftMs = (): number => Math.max(0, order.forMs - (Date.now() - startMs))
  const end = (why: RecordingEnding): void => {
    if (ending.end(why)) onEnd(why)
  }
  const stop = (why: RecordingEnding): void => {
    if (why === 'reader_gone') end(why)
    if (stopping !== null || ending.isOver()) return
    stopping = why
    if (underWay === 0) end(why)
    else ending.keep(setTimeout(() => end(why), lastWaitMs))
  }
  const tellProgress = (): void => {
    to.write(recordingText({ progress: { ...counts(), leftMs: leftMs() } }))
  }
  return {
    ...{ order, counts, leftMs, drop, stop, end },
    begin() {
      to.write(recordingText({ recording: recordingVersion, ...head, routes: order.routes }))
      ending.keep(setTimeout(() => stop('time'), order.forMs))
      ending.keep(setInterval(tellProgress, progressMs))
    },
    wants: (route) =>
      stopping === null &&
      !ending.isOver() &&
      counts().recorded + underWay < order.limit &&
      (routes.size === 0 || routes.has(route)),
    begun() {
      underWay += 1
    },
    take(text) {
      if (ending.isOver()) return false
      if (text === null) drop('failed')
      const isTaken = text !== null && admit(text)
      underWay -= 1
      const { recorded, bytes } = counts()
      if (recorded >= order.limit) stop('count')
      else if (bytes >= order.limitBytes) stop('bytes')
      if (stopping !== null && underWay === 0) end(stopping)
      return isTaken
    },
  }
}
