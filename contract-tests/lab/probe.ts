/**
 * Loaded into a process before its program (`node --expose-gc --import probe.js …`): tells what the
 * process costs, as only it can know. Listens on the port `PROBE_PORT` of this machine; a process
 * without one, and its threads, are left alone.
 */
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

export interface Cost {
  /** Open file descriptors; 0 where the system does not tell. */
  readonly descriptors: number
  readonly resources: Readonly<Record<string, number>>
  /** Bytes, after a collection. */
  readonly heapUsed: number
}

const countDescriptors = (): number => {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

const countResources = (): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

const cost = (): Cost => {
  // What the first collection finalizes, the second one frees.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed } = process.memoryUsage()
  return { descriptors: countDescriptors(), resources: countResources(), heapUsed }
}

const listen = (port: number): void => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  /** The longest that the thread was away since the last question, milliseconds. */
  const longestMs = (): number => {
    const longest = delay.max / 1e6
    delay.reset()
    return longest
  }
  const answers: Readonly<Record<string, () => unknown>> = {
    '/cost': cost,
    '/delay': () => ({ longestMs: longestMs() }),
  }
  const server = createServer((request, response) => {
    response.setHeader('connection', 'close')
    response.end(JSON.stringify(answers[request.url ?? '']?.() ?? null))
  })
  server.listen(port, '127.0.0.1')
  server.unref()
}

const { PROBE_PORT } = process.env
if (isMainThread && PROBE_PORT !== undefined) listen(Number(PROBE_PORT))
