/** A load that comes at its own pace, whether or not answers do: as clients are. */
import type { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { readAnswers } from './load.ts'

export interface OpenLoopOptions {
  readonly port: number
  /** Whole request as bytes; every answer must come with a Content-Length. */
  readonly request: Buffer
  readonly perSecond: number
  /** How long requests are sent; the last answers are waited for besides. */
  readonly ms: number
}

export interface OpenLoopResult {
  readonly sent: number
  /** Answers whose status was not 200, and connections that broke. */
  readonly errors: number
  /** Milliseconds from when a request was due: a late client does not hide a late answer. */
  readonly p50: number
  readonly p99: number
}

/** Who serves one request at a time over one connection. */
interface Caller {
  ask(dueMs: number): void
  close(): void
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor((sorted.length - 1) * share)] ?? 0

const createCaller = (
  { port, request }: OpenLoopOptions,
  on: { free(caller: Caller): void; took(ms: number): void; failed(): void },
): Caller => {
  const socket: Socket = connect(port, '127.0.0.1')
  let dueMs = 0
  let isAsking = false
  const caller: Caller = {
    ask(due) {
      dueMs = due
      isAsking = true
      socket.write(request)
    },
    close: () => socket.destroy(),
  }
  socket.setNoDelay(true)
  readAnswers(socket, {
    head: ({ isGood }) => isGood || on.failed(),
    end() {
      isAsking = false
      on.took(performance.now() - dueMs)
      on.free(caller)
    },
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    if (isAsking) on.failed()
  })
  return caller
}

/** How long the last answers may take. */
const lastMs = 3_000

/** Sends so many requests a second over as many connections as it takes. */
export const openLoop = (options: OpenLoopOptions): Promise<OpenLoopResult> =>
  new Promise((resolve) => {
    const { perSecond, ms } = options
    const everyMs = 1_000 / perSecond
    const all: Caller[] = []
    const idle: Caller[] = []
    const times: number[] = []
    const startMs = performance.now()
    let sent = 0
    let errors = 0
    const on = {
      free: (caller: Caller) => idle.push(caller),
      took: (took: number) => times.push(took),
      failed() {
        errors += 1
      },
    }
    const callerOf = (): Caller => {
      const known = idle.pop()
      if (known !== undefined) return known
      const made = createCaller(options, on)
      all.push(made)
      return made
    }
    const finish = (): void => {
      clearInterval(timer)
      for (const caller of all) caller.close()
      times.sort((a, b) => a - b)
      const lost = sent - times.length
      resolve({
        sent,
        errors: Math.max(errors, lost),
        p50: quantile(times, 0.5),
        p99: quantile(times, 0.99),
      })
    }
    const tick = (): void => {
      const sinceMs = performance.now() - startMs
      while (sent * everyMs <= Math.min(sinceMs, ms)) {
        callerOf().ask(startMs + sent * everyMs)
        sent += 1
      }
      if (sinceMs > ms && (times.length >= sent || sinceMs > ms + lastMs)) finish()
    }
    const timer = setInterval(tick, 1)
  })
