/** A WebSocket whose messages are asked for one by one. */
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'

export interface Line {
  readonly socket: WebSocket
  /** The next message: text, or bytes where it was binary. */
  next(): Promise<string | Buffer>
  /** The payload of the next pong. */
  nextPong(): Promise<string>
  /** Sends bytes below the protocol, right or wrong. */
  write(bytes: Buffer): void
  readonly ended: Promise<{ readonly code: number }>
  close(): Promise<void>
}

/** What came and was not asked for, or who asked and has nothing yet. */
const createInbox = <Message>() => {
  const messages: Message[] = []
  const waiting: ((message: Message) => void)[] = []
  return {
    put(message: Message): void {
      const taker = waiting.shift()
      if (taker === undefined) messages.push(message)
      else taker(message)
    },
    take: (): Promise<Message> =>
      new Promise((resolve) => {
        const message = messages.shift()
        if (message === undefined) waiting.push(resolve)
        else resolve(message)
      }),
  }
}

/**
 * Rejects with the status when the server refuses.
 *
 * @param url with http:, which stands for ws:
 * @param headers take the place of those that a client writes
 */
export const openLine = async (
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Line> => {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers, perMessageDeflate: false })
  const inbox = createInbox<string | Buffer>()
  const pongs = createInbox<string>()
  let below: Duplex | null = null
  socket.on('upgrade', (message) => {
    below = message.socket
  })
  socket.on('message', (data, isBinary) => inbox.put(isBinary ? (data as Buffer) : String(data)))
  socket.on('pong', (data) => pongs.put(data.toString()))
  const ended = once(socket, 'close').then(([code]) => ({ code: Number(code) }))
  // Told by `ended`, or by whoever waits for it to open.
  ended.catch(() => {})
  await once(socket, 'open')
  socket.on('error', () => {})
  return {
    socket,
    next: inbox.take,
    nextPong: pongs.take,
    write: (bytes) => void below?.write(bytes),
    ended,
    async close() {
      socket.close()
      await ended
    },
  }
}
