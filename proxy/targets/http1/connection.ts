/**
 * One connection to an upstream, which carries one exchange at a time:
 *
 *   idle → the head is written, the body follows → head │ → body → whole → idle
 *                                                       │ anything else → closed
 *
 * A byte that comes while it is idle belongs to no answer; a connection on which one came is closed
 * (response queue poisoning).
 */
import { Buffer } from 'node:buffer'
import type { Socket } from 'node:net'
import { ProxyError } from '../../errors.ts'
import type { Body } from '../send.ts'
import type { WireExchange, WireListener, WireRequest } from '../wire.ts'
import { type HeldUpload, holdUpload } from './hold-upload.ts'
import { createResponseParser, type ResponseParser } from './response-parser.ts'
import { startUploading, type Uploading } from './uploading.ts'

export interface Connection {
  /** @param head of the request, as `requestHead` writes it */
  send(request: WireRequest, head: string, listener: WireListener): void
  /** Breaks off what is in flight. */
  destroy(why: Error): void
}

/** Who owns a connection. */
export interface ConnectionOwner {
  /** It may serve another exchange, until the upstream closes it after so many seconds. */
  idle(connection: Connection, keepAliveSeconds: number | null): void
  /** It is closed. Called once. */
  gone(connection: Connection): void
  /** The upstream does not answer whether it wants an upload. */
  unheeded(): void
}

/** An exchange on its way. */
interface Run {
  readonly listener: WireListener
  uploading: Uploading | null
  /** An upload that waits to be asked for; null: it did not have to, or there is none. */
  held: HeldUpload | null
  /** Whether a byte of the answer, or of the next interim answer, is here. */
  isHeard: boolean
}

const closed = (): ProxyError =>
  new ProxyError('connection_terminated', 'the upstream closed the connection')

const surplus = (): ProxyError =>
  new ProxyError('http_protocol_error', 'bytes that belong to no answer')

/** What is known of a connection. */
interface Line {
  readonly socket: Socket
  readonly parser: ResponseParser
  readonly owner: ConnectionOwner
  readonly self: Connection
  run: Run | null
  isUsed: boolean
  isGone: boolean
}

/** Closes the connection, and tells the exchange that it carries. */
const destroy = (line: Line, why: unknown): void => {
  const { run, socket, owner, self } = line
  line.run = null
  socket.destroy()
  if (!line.isGone) {
    line.isGone = true
    owner.gone(self)
  }
  run?.held?.drop()
  run?.uploading?.cancel()
  run?.listener.failed(why)
}

/** The answer is whole, whatever becomes of the connection. */
const complete = (line: Line, { listener, uploading, held }: Run): void => {
  const { socket, parser, owner, self } = line
  line.run = null
  held?.drop()
  const isSent = uploading === null ? held === null : uploading.isComplete()
  if (isSent && parser.isClean && socket.writable) {
    if (socket.isPaused()) socket.resume()
    owner.idle(self, parser.keepAliveSeconds)
  } else {
    uploading?.cancel()
    destroy(line, null)
  }
  listener.ended(parser.trailers)
}

const read = (line: Line, bytes: Buffer): void => {
  const { run, parser } = line
  if (run === null) {
    destroy(line, surplus())
    return
  }
  try {
    if (!run.isHeard) {
      run.isHeard = true
      run.listener.heard()
    }
    const isWhole = parser.read(bytes)
    if (isWhole && line.run === run) complete(line, run)
  } catch (error) {
    destroy(line, error)
  }
}

const exchangeOf = (line: Line, mine: Run): WireExchange => ({
  pause() {
    if (line.run === mine) line.socket.pause()
  },
  resume() {
    if (line.run === mine) line.socket.resume()
  },
  isClientAwaited: () => mine.uploading?.isClientAwaited() === true,
  abort(reason) {
    if (line.run === mine) destroy(line, reason)
  },
})

const upload = (line: Line, request: WireRequest, body: Body, mine: Run): void => {
  mine.uploading = startUploading(line.socket, request, body, {
    sent: mine.listener.sent,
    broken(error) {
      if (line.run === mine) destroy(line, error)
    },
  })
}

/** Copying so much costs less than what the kernel takes to gather two pieces. */
const joinedBytes = 16_384

const isJoined = ({ framing }: WireRequest, { whole, length }: Body): boolean =>
  whole !== null && framing === 'length' && whole.length === length && length <= joinedBytes

/**
 * Head and all of a body as one text, and so in one plain write: two thirds of the price of two
 * pieces. What Node keeps of a gathered write also holds the next one alive, and so on.
 */
const writeJoined = ({ socket }: Line, head: string, body: Body, { listener }: Run): Uploading => {
  let text = head
  body.flow({
    write({ buffer, byteOffset, length }) {
      text += Buffer.from(buffer, byteOffset, length).toString('latin1')
      return true
    },
    end: () => {},
    fail: () => {},
  })
  socket.write(text, 'latin1')
  listener.sent(true)
  return {
    isComplete: () => true,
    isClientAwaited: () => false,
    drained: () => listener.sent(true),
    cancel: () => {},
  }
}

/** In one write, as far as the body is here already. */
const write = (line: Line, request: WireRequest, head: string, mine: Run): void => {
  const { socket, owner } = line
  const { body } = request
  if (body === null) socket.write(head, 'latin1')
  else if (request.expectsContinue) {
    mine.held = holdUpload(() => upload(line, request, body, mine), owner.unheeded)
    socket.write(head, 'latin1')
  } else if (isJoined(request, body)) mine.uploading = writeJoined(line, head, body, mine)
  else {
    socket.cork()
    socket.write(head, 'latin1')
    upload(line, request, body, mine)
    socket.uncork()
  }
}

const send = (line: Line, request: WireRequest, head: string, listener: WireListener): void => {
  const mine: Run = { listener, uploading: null, held: null, isHeard: false }
  try {
    listener.begun(exchangeOf(line, mine), line.isUsed)
  } catch (refusal) {
    line.owner.idle(line.self, null)
    listener.failed(refusal)
    return
  }
  line.run = mine
  line.isUsed = true
  line.parser.begin(request.method)
  write(line, request, head, mine)
}

const createParser = (carried: () => Run | null): ResponseParser =>
  createResponseParser({
    interim(status, lines) {
      const run = carried()
      if (run === null) return
      run.isHeard = false
      run.listener.early(status, lines)
      if (status === 100) run.held?.release()
    },
    head: ({ status, reason, lines }) => carried()?.listener.head(status, reason, lines),
    data: (part) => carried()?.listener.data(part),
  })

/**
 * Whether the connection ended with a reset. libuv reports a reset that comes together with the last
 * bytes as an orderly end, but a connection that was reset has no peer any more. A unix socket has
 * neither addresses nor resets.
 */
const wasReset = ({ localAddress, remoteAddress }: Socket): boolean =>
  localAddress !== undefined && remoteAddress === undefined

/** @param socket connected */
export const createConnection = (socket: Socket, owner: ConnectionOwner): Connection => {
  const self: Connection = {
    send: (request, head, listener) => send(line, request, head, listener),
    destroy: (why) => destroy(line, why),
  }
  const line: Line = {
    socket,
    parser: createParser(() => line.run),
    owner,
    self,
    run: null,
    isUsed: false,
    isGone: false,
  }
  socket.on('data', (bytes) => read(line, bytes))
  socket.on('drain', () => line.run?.uploading?.drained())
  // Before Node answers the end with one of its own, after which no connection has a peer.
  socket.prependListener('end', () => {
    if (line.run !== null && !wasReset(socket) && line.parser.end()) complete(line, line.run)
    else destroy(line, closed())
  })
  socket.on('error', (error) => destroy(line, error))
  socket.on('close', () => destroy(line, closed()))
  return self
}
