/**
 * A scripted origin on raw sockets: hears every request byte for byte, and says exactly the bytes
 * that its script gives, or does to the connection what real servers do on a bad day.
 */
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createMessageReader, type Message } from './message-reader.ts'

export interface Heard extends Message {
  readonly socket: Socket
  /** Counts connections from 1: tells which request came over which. */
  readonly connection: number
}

/** Bytes (strings are latin1) to be written; nothing where the script uses the socket itself. */
export type Reply = string | Uint8Array | undefined

/** Called when the head of a request is here; its body may still come. */
export type OriginScript = (request: Heard) => Reply | Promise<Reply>

export interface LabOrigin {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly port: number
  /** Every request, in the order in which their heads came. */
  readonly requests: readonly Heard[]
  /** Connections accepted so far. */
  readonly accepted: () => number
  readonly open: () => number
  /** The request that comes next, or the oldest that nobody has asked for yet. */
  next(): Promise<Heard>
  /** Resolves once no connection is open. */
  quiet(): Promise<void>
  close(): Promise<void>
}

/** A complete answer. Lines as on the wire; Content-Length is added unless framing is among them. */
export const reply = (
  status: string,
  lines: readonly string[] = [],
  body: string | Uint8Array = '',
): Buffer => {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : body
  const isFramed = lines.some((line) =>
    /^(content-length|transfer-encoding|connection: *close)/i.test(line),
  )
  const framing = isFramed ? [] : [`Content-Length: ${bytes.length}`]
  const head = [`HTTP/1.1 ${status}`, ...lines, ...framing, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes])
}

/** One chunk of a chunked body. */
export const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

/** The requests of an origin, for tests that wait for them. */
const createRecord = (): Pick<LabOrigin, 'requests' | 'next'> & { add(request: Heard): void } => {
  const requests: Heard[] = []
  const waiting: ((request: Heard) => void)[] = []
  let asked = 0
  return {
    requests,
    add(request) {
      requests.push(request)
      const next = waiting.shift()
      if (next === undefined) return
      asked += 1
      next(request)
    },
    next() {
      const request = requests[asked]
      if (request === undefined) return new Promise((resolve) => waiting.push(resolve))
      asked += 1
      return Promise.resolve(request)
    },
  }
}

export const createOrigin = async (script: OriginScript): Promise<LabOrigin> => {
  const { add, requests, next } = createRecord()
  const sockets = new Set<Socket>()
  const quietened: (() => void)[] = []
  let accepted = 0

  const play = async (request: Heard): Promise<void> => {
    add(request)
    const bytes = await script(request)
    if (bytes === undefined) return
    request.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    accepted += 1
    const connection = accepted
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0) for (const tell of quietened.splice(0)) tell()
    })
    const reader = createMessageReader((message) => {
      play({ ...message, socket, connection }).catch(() => socket.destroy())
    })
    socket.on('data', reader.read)
    socket.on('end', () => {
      reader.end()
      socket.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    next,
    accepted: () => accepted,
    open: () => sockets.size,
    quiet: async () => {
      if (sockets.size > 0) await new Promise<void>((resolve) => quietened.push(resolve))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
