import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'

export interface LoadOptions {
  readonly port: number
  /** Whole request as bytes; every answer must come with a Content-Length. */
  readonly request: Uint8Array
  readonly requests: number
  readonly connections: number
}

export interface LoadResult {
  readonly requests: number
  /** Answers whose status was not 200, and connections that broke. */
  readonly errors: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

const headEnd = Buffer.from('\r\n\r\n')

/** Bytes of the first whole answer in `bytes`, or null while some of it is missing. */
const answerLength = (bytes: Buffer): number | null => {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return null
  const length = /content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end))
  const total = end + headEnd.length + Number(length?.[1] ?? 0)
  return bytes.length >= total ? total : null
}

/**
 * A closed loop of plain sockets: each connection sends its next request when it has its answer. A
 * client that costs little itself, so that what is measured is the proxy.
 */
export const load = (options: LoadOptions): Promise<LoadResult> =>
  new Promise((resolve) => {
    const times: number[] = []
    const started = performance.now()
    let toSend = options.requests
    let open = options.connections
    let errors = 0

    const finish = (): void => {
      open -= 1
      if (open > 0) return
      times.sort((a, b) => a - b)
      const at = (share: number): number => times[Math.floor((times.length - 1) * share)] ?? 0
      const seconds = (performance.now() - started) / 1000
      resolve({ requests: times.length, errors, seconds, p50: at(0.5), p99: at(0.99) })
    }
    for (let i = 0; i < options.connections; i++) drive(connect(options.port, '127.0.0.1'))

    function drive(socket: Socket): void {
      let pending: Buffer = Buffer.alloc(0)
      let sentAt = 0
      const next = (): void => {
        if (toSend-- <= 0) {
          socket.end()
          return
        }
        sentAt = performance.now()
        socket.write(options.request)
      }
      socket.setNoDelay(true)
      socket.on('connect', next)
      socket.on('data', (chunk) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
        const length = answerLength(pending)
        if (length === null) return
        times.push(performance.now() - sentAt)
        if (!pending.toString('latin1', 0, 12).endsWith(' 200')) errors += 1
        pending = pending.subarray(length)
        next()
      })
      socket.on('error', () => {
        errors += 1
      })
      socket.on('close', finish)
    }
  })
