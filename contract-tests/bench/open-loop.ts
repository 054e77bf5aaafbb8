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
  /** How many are sent; the last answers are waited for besides. */
  readonly requests: number
}

export interface OpenLoopResult {
  readonly sent: number
  /** Answers whose status was not 200, and connections that broke. */
  readonly errors: number
  /** Milliseconds from when a request was due: a late client does not hide a late answer. */
  readonly p50: number
  readonly p99: number
  /** Milliseconds by which 99 of 100 were sent late at most: what the load itself adds to `p99`. */
  readonly lateP99: number
}

/** Who serves one request at a time over one connection. */
interface Caller {
  ask(dueMs: number): void
  close(): void
}

const quantile = (list: readonly number[], share: number): number => {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0
}

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

/** A timer is late by up to a millisecond and more, which would hide what is to be measured. */
const longestNapMs = 0.2

/** Blocks the thread; by far the most of its time there is nothing else to do. */
const createNap = (): ((ms: number) => void) => {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  return (ms) => void Atomics.wait(cell, 0, 0, Math.min(longestNapMs, Math.max(0, ms)))
}

/** Sends so many requests a second over as many connections as it takes. */
export const openLoop = (options: OpenLoopOptions): Promise<OpenLoopResult> =>
  new Promise((resolve) => {
    const { perSecond, requests } = options
    const everyMs = 1_000 / perSecond
    const all: Caller[] = []
    const idle: Caller[] = []
    const times: number[] = []
    const lates: number[] = []
    const nap = createNap()
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
      for (const caller of all) caller.close()
      resolve({
        sent,
        errors: Math.max(errors, sent - times.length),
        p50: quantile(times, 0.5),
        p99: quantile(times, 0.99),
        lateP99: quantile(lates, 0.99),
      })
    }
    const tick = (): void => {
      const nowMs = performance.now()
      while (sent < requests && startMs + sent * everyMs <= nowMs) {
        lates.push(performance.now() - startMs - sent * everyMs)
        callerOf().ask(startMs + sent * everyMs)
        sent += 1
      }
      const dueMs = startMs + sent * everyMs
      if (sent === requests && (times.length >= sent || nowMs > dueMs + lastMs)) {
        finish()
        return
      }
      nap(dueMs - performance.now())
      setImmediate(tick)
    }
    tick()
  })
