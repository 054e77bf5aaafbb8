/**
 * The HTTP side of an embedded legacy: one process, one interpreter, one request at a time, as the
 * simplest application servers of old did it. Reports over IPC and lives no longer than its parent.
 */
import { Buffer } from 'node:buffer'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Header lines are as on the wire: name, value, name, value, each latin1. */
export interface LegacyRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly string[]
  readonly body: Uint8Array
  readonly remoteAddress: string
}

export interface LegacyAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Uint8Array
}

/** May reject: the client then has a 502, and the error goes to stderr. */
export type Interpreter = (request: LegacyRequest) => Promise<LegacyAnswer>

/** An interpreter holds a body several times over; 32 MiB of it is plenty for a sample. */
const bodyLimit = 32 * 1024 * 1024

export const textAnswer = (status: number, text: string): LegacyAnswer => ({
  status,
  headers: ['Content-Type', 'text/plain; charset=utf-8'],
  body: Buffer.from(`${text}\n`),
})

const tooLarge = textAnswer(413, `The body is larger than ${bodyLimit} bytes.`)
const failed = textAnswer(502, 'The interpreter failed; its log says why.')

/** Null when the body is over the limit. The rest of it is read all the same, and dropped. */
const readBody = async (incoming: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= bodyLimit) chunks.push(chunk)
    else chunks.length = 0
  }
  return length > bodyLimit ? null : Buffer.concat(chunks)
}

/** Answers that have no body, whatever their Content-Length would say. */
const bodiless: ReadonlySet<number> = new Set([204, 304])

const hasHeader = (headers: readonly string[], wanted: string): boolean =>
  headers.some((text, index) => index % 2 === 0 && text.toLowerCase() === wanted)

const send = (outgoing: ServerResponse, head: boolean, answer: LegacyAnswer): void => {
  const framed = head || hasHeader(answer.headers, 'content-length') || bodiless.has(answer.status)
  const length = framed ? [] : ['Content-Length', String(answer.body.length)]
  outgoing.writeHead(answer.status, [...answer.headers, ...length])
  outgoing.end(answer.body)
}

/** Runs tasks one after the other; a task that rejects does not hold up the next. */
const createQueue = (): ((task: () => Promise<void>) => Promise<void>) => {
  let last: Promise<void> = Promise.resolve()
  return (task) => {
    last = last.then(task, task)
    return last
  }
}

type Complain = (error: unknown) => void

const toStderr: Complain = (error) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
}

const toRequest = (incoming: IncomingMessage, body: Uint8Array): LegacyRequest => ({
  method: incoming.method ?? 'GET',
  url: incoming.url ?? '/',
  headers: incoming.rawHeaders,
  remoteAddress: incoming.socket.remoteAddress ?? '127.0.0.1',
  body,
})

/** Never rejects; an answer that cannot be sent as it is becomes a 502. */
const createExchange = (interpret: Interpreter, complain: Complain) => {
  const answer = async (request: LegacyRequest): Promise<LegacyAnswer> => {
    try {
      return await interpret(request)
    } catch (error) {
      complain(error)
      return failed
    }
  }
  return async (incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer | null) => {
    if (outgoing.destroyed) return
    const head = incoming.method === 'HEAD'
    const given = body === null ? tooLarge : await answer(toRequest(incoming, body))
    try {
      send(outgoing, head, given)
    } catch (error) {
      complain(error)
      send(outgoing, head, failed)
    }
  }
}

/** A server over one interpreter; it does not listen yet. */
export const createLegacyServer = (
  interpret: Interpreter,
  complain: Complain = toStderr,
): Server => {
  const enqueue = createQueue()
  const exchange = createExchange(interpret, complain)
  return createServer((incoming, outgoing) => {
    readBody(incoming)
      .then((body) => enqueue(() => exchange(incoming, outgoing, body)))
      .catch(() => outgoing.destroy())
  })
}

/**
 * Listens on 127.0.0.1 and tells the parent `{ ready: true, port }`. Exits when the parent is gone,
 * and on SIGTERM.
 *
 * @param port 0 for one that the kernel gives
 */
export const serve = (interpret: Interpreter, port: number): void => {
  const server = createLegacyServer(interpret)
  const leave = (): never => process.exit(0)
  process.once('disconnect', leave)
  process.once('SIGTERM', leave)
  server.listen(port, '127.0.0.1', () => {
    process.send?.({ ready: true, port: (server.address() as AddressInfo).port })
  })
}
