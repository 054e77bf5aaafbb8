/**
 * The client's side of an HTTP/1 exchange. Headers leave as they came: one flat array of lines in
 * one `writeHead`, for Node merges and lower-cases whatever was set before, and invents a Date.
 */
import { Buffer } from 'node:buffer'
import {
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http'
import { failure } from '../targets/failure.ts'
import { isBodiless, isEventStream, rawHeader } from '../targets/raw-header.ts'
import type {
  Client,
  Failure,
  InboundRequest,
  RawHeaders,
  TargetResponse,
} from '../targets/send.ts'
import { createEnding, type Ending } from './client-ending.ts'
import type { EventStreams } from './event-streams.ts'
import { dropUpload } from './linger.ts'
import { type SlowClients, socketBacklog } from './slow-clients.ts'

const pairs = (lines: RawHeaders): [string, string][] => {
  const made: [string, string][] = []
  for (let at = 0; at + 1 < lines.length; at += 2) {
    made.push([lines[at] as string, lines[at + 1] as string])
  }
  return made
}

/** An interim head as bytes; null when a line is no header. */
const interimHead = (status: number, headers: RawHeaders): string | null => {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  try {
    for (const [name, value] of pairs(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
      text += `${name}: ${value}\r\n`
    }
  } catch {
    return null
  }
  return `${text}\r\n`
}

/** How many bytes the head promises; null: the end of the body is told some other way. */
const promisedLength = (method: string, { status, headers }: TargetResponse): number | null => {
  const length = isBodiless(method, status) ? null : rawHeader(headers, 'content-length')
  return length === null ? null : Number(length)
}

export interface ClientOptions {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly request: InboundRequest
  /** Whether connections are to close after their answer. */
  readonly isDraining: () => boolean
  /** Where streams of events are kept while they are open; absent: nowhere. */
  readonly streams?: EventStreams
  /** Absent: the client may take its time to read. */
  readonly slow?: SlowClients
}

/** The reason phrase as it came; Banyan's own answers say what is usual. */
const reasonOf = ({ from, status, reason }: TargetResponse): string =>
  from === 'banyan' ? (STATUS_CODES[status] ?? '') : reason

const none: RawHeaders = []

/** What the edge must say of the framing, because the target did not. */
const framingLines = (method: string, { status, headers, body }: TargetResponse): RawHeaders => {
  const { length, whole } = body
  if (whole === null || length === null || isBodiless(method, status)) return none
  const isFramed = rawHeader(headers, 'content-length') ?? rawHeader(headers, 'trailer')
  return isFramed === null ? ['Content-Length', String(length)] : none
}

/** What the edge must say of the connection. */
const connectionLines = ({ message, request, isDraining }: ClientOptions): RawHeaders => {
  const isUploadLeft = request.body !== null && !message.complete
  return isUploadLeft || request.refusal !== null || isDraining() ? ['Connection', 'close'] : none
}

/** `Trailer` belongs to a chunked body, and this client gets none: RFC 9110 §6.5.1. */
const withoutTrailer = (headers: RawHeaders): RawHeaders =>
  rawHeader(headers, 'trailer') === null
    ? headers
    : headers.filter((_, at) => headers[at - (at % 2)]?.toLowerCase() !== 'trailer')

/** All lines of a head; the same array where nothing is to be added. */
const linesOf = (options: ClientOptions, answer: TargetResponse): RawHeaders => {
  const { method, version } = options.request
  const framing = framingLines(method, answer)
  const isChunked =
    version !== '1.0' &&
    framing.length === 0 &&
    !isBodiless(method, answer.status) &&
    rawHeader(answer.headers, 'content-length') === null
  const headers = isChunked ? answer.headers : withoutTrailer(answer.headers)
  const ofConnection = connectionLines(options)
  return framing.length + ofConnection.length === 0
    ? headers
    : [...headers, ...framing, ...ofConnection]
}

/** Copying so much costs less than what the kernel takes to gather two pieces. */
const joinedBytes = 16_384

/** Head and all of a body as one text, and so in one plain write: half the price of two pieces. */
const writeJoined = (response: ServerResponse, bytes: Uint8Array): boolean => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  const { socket } = response
  socket?.cork()
  const ready = response.write(text, 'latin1')
  socket?.uncork()
  return ready
}

const tooSlow = failure('client_gone', 'client', 'unknown', {
  detail: 'The client took nothing of its answer for too long.',
})

/** Watches the client from the first moment that something waits for it. */
const createReaderWatch = ({ response, slow }: ClientOptions, cut: (why: Failure) => void) => {
  if (slow === undefined) return () => {}
  let isWatched = false
  // A response that waits behind another one is on no socket yet.
  const backlog = (): number => (response.socket === null ? 0 : socketBacklog(response.socket))
  return (): void => {
    if (isWatched || (response.socket !== null && backlog() === 0)) return
    isWatched = true
    response.once(
      'close',
      slow.watchReader(backlog, () => cut(tooSlow)),
    )
  }
}

/** The body as bytes on the connection, held to the length that the head promised. */
const createWriter = (options: ClientOptions, ending: Ending) => {
  const { message, response, request } = options
  let promised: number | null = null
  let from: TargetResponse['from'] = 'banyan'
  let sent = 0
  const cut = (why: Failure): void => ending.cut(why, promised !== null || response.chunkedEncoding)
  const cutMismatch = (): void => cut(failure('http_response_incomplete', from, 'unknown'))
  const watchReader = createReaderWatch(options, cut)
  return {
    begin(answer: TargetResponse, length: number | null): void {
      from = answer.from
      promised = length
    },
    /** Sends the head alone: `flushHeaders` would write it as UTF-8. */
    flush(): void {
      if (sent === 0 && !ending.isOver() && !response.writableEnded) response.write('', 'latin1')
    },
    write(chunk: Uint8Array): boolean {
      if (ending.isOver()) return true
      sent += chunk.length
      if (promised !== null && sent > promised) {
        cutMismatch()
        return true
      }
      const isJoined = chunk.length === promised && promised <= joinedBytes
      const ready = isJoined ? writeJoined(response, chunk) : response.write(chunk)
      if (!ready) watchReader()
      return ready
    },
    end(trailers: RawHeaders): void {
      if (ending.isOver()) return
      if (promised !== null && sent < promised) {
        cutMismatch()
        return
      }
      if (trailers.length > 0 && response.chunkedEncoding) response.addTrailers(pairs(trailers))
      const mayHaveUpload = request.body !== null || request.refusal !== null
      if (mayHaveUpload && !message.readableEnded) dropUpload(message)
      response.end()
      watchReader()
    },
    fail: cut,
  }
}

/** One HTTP/1 client. `head` throws a TypeError or RangeError on a head that cannot be written. */
export const createClient = (options: ClientOptions): Client => {
  const { message, response, request } = options
  const ending = createEnding(message, response)
  const { begin, flush, write, end, fail } = createWriter(options, ending)
  let resumed: (() => void) | null = null
  return {
    early(status, headers) {
      const { socket } = response
      if (socket === null || response.headersSent || request.version === '1.0') return
      const head = status === 100 || status === 101 ? null : interimHead(status, headers)
      if (head !== null) socket.write(head, 'latin1')
    },
    onAbort: ending.onAbort,
    onDone: ending.onDone,
    onDrain(resume) {
      if (resumed === null) response.on('drain', () => resumed?.())
      resumed = resume
    },
    head(answer) {
      if (ending.isOver()) return
      const { status } = answer
      if (status < 200) throw new RangeError(`${status} is not the status of an answer`)
      response.sendDate = false
      // Persistence is what HTTP/1.1 means by saying nothing.
      if (response.shouldKeepAlive && request.version === '1.1') response.removeHeader('connection')
      response.writeHead(status, reasonOf(answer), linesOf(options, answer) as string[])
      begin(answer, promisedLength(request.method, answer))
      if (
        options.streams !== undefined &&
        response.chunkedEncoding &&
        isEventStream(answer.headers)
      )
        response.once('close', options.streams.add(ending.finish))
      if (answer.body.whole === null) process.nextTick(flush)
    },
    write,
    end,
    fail,
  }
}
