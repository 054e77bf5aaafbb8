import { Buffer } from 'node:buffer'
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

interface Head {
  readonly isGood: boolean
  /** Bytes of the body that came with it, and all bytes of the body. */
  readonly here: number
  readonly length: number
}

const headEnd = Buffer.from('\r\n\r\n')

const readHead = (bytes: Buffer): Head | null => {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return null
  const text = bytes.toString('latin1', 0, end)
  const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0)
  const isGood = text.slice(8, 12) === ' 200'
  return { isGood, here: bytes.length - end - headEnd.length, length }
}

/** Tells of one connection's answers, each by its head and then its end. */
export const readAnswers = (
  socket: Socket,
  on: { head(head: Head): unknown; end(): void },
): void => {
  let beginning: Buffer = Buffer.alloc(0)
  let left = 0
  socket.on('data', (chunk) => {
    if (left === 0) {
      beginning = beginning.length === 0 ? chunk : Buffer.concat([beginning, chunk])
      const head = readHead(beginning)
      if (head === null) return
      beginning = Buffer.alloc(0)
      left = head.length - head.here
      on.head(head)
    } else left -= chunk.length
    if (left === 0) on.end()
  })
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
    const fail = (): void => {
      errors += 1
    }
    const drive = (socket: Socket): void => {
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
      readAnswers(socket, {
        head: ({ isGood }) => isGood || fail(),
        end() {
          times.push(performance.now() - sentAt)
          next()
        },
      })
      socket.on('error', fail)
      socket.on('close', finish)
    }
    for (let i = 0; i < options.connections; i++) drive(connect(options.port, '127.0.0.1'))
  })

/** Opens connections that say nothing; returns how to close them. */
export const openIdle = async (port: number, count: number): Promise<() => void> => {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => socket.destroy())
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))),
  )
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}
