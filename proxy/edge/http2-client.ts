/**
 * The client's side of an exchange over a stream of HTTP/2: the second maker of `Client`. The stream
 * itself frames the body and tells its end, so there is nothing to say about the connection.
 */
import { constants, type ServerHttp2Stream } from 'node:http2'
import { ProxyError } from '../errors.ts'
import { failure } from '../targets/failure.ts'
import { isBodiless, isEventStream, rawHeader } from '../targets/raw-header.ts'
import type {
  Client,
  Failure,
  InboundRequest,
  RawHeaders,
  TargetResponse,
} from '../targets/send.ts'
import type { EventStreams } from './event-streams.ts'
import { streamHeaders } from './http2-head.ts'
import type { SlowClients } from './slow-clients.ts'

export interface StreamClientOptions {
  readonly stream: ServerHttp2Stream
  readonly request: InboundRequest
  readonly streams?: EventStreams
  readonly slow?: SlowClients
}

const { NGHTTP2_NO_ERROR } = constants
const clientGone = failure('client_gone', 'client', 'unknown')
const drained = failure('client_gone', 'banyan', 'unknown', { detail: 'Banyan is being stopped.' })
const tooSlow = failure('client_gone', 'client', 'unknown', {
  detail: 'The client took nothing of its answer for too long.',
})

/** Keeps Node from inventing a line; its types do not know the switch. */
const noDate = { sendDate: false }

/** Small, so that a slow client is seen to take some of it. */
const sliceBytes = 16_384

/** When an exchange is over, and who wants to know. */
const createStreamEnding = (stream: ServerHttp2Stream) => {
  let stop: ((why: Failure) => void) | null = null
  let done: ((why: Failure | null) => void) | null = null
  let outcome: Failure | null | undefined
  let broken: Failure | null = null
  let isFinished = false
  stream.on('error', () => {})
  stream.once('close', () => {
    // Node ends a stream that its client resets: only `aborted` tells.
    outcome = broken ?? (stream.writableFinished && !stream.aborted ? null : clientGone)
    if (outcome !== null) stop?.(outcome)
    done?.(outcome)
  })
  return {
    isOver: (): boolean => outcome !== undefined || broken !== null || isFinished,
    cut(why: Failure): void {
      if (isFinished || broken !== null) return
      broken = why
      // `close` would end the body first, as if it were whole.
      stream.destroy(new ProxyError(why.code, why.detail))
    },
    /** Ends an answer that has no end of its own: what was sent counts as all. */
    finish(): void {
      isFinished = true
      stream.end()
      stop?.(drained)
    },
    onAbort(register: (why: Failure) => void): void {
      stop = register
      if (outcome) register(outcome)
    },
    onDone(register: (why: Failure | null) => void): void {
      done = register
      if (outcome !== undefined) register(outcome)
    },
  }
}

const mayHaveTrailers = ({ headers, body }: TargetResponse): boolean =>
  body.whole === null || rawHeader(headers, 'trailer') !== null

/** Begins the answer. Returns the bytes that it promises, or null. */
const createHead = ({ stream, request }: StreamClientOptions) => {
  let trailers: RawHeaders = []
  return {
    trail(last: RawHeaders): void {
      trailers = last
    },
    begin(answer: TargetResponse): number | null {
      const { status } = answer
      if (status < 200) throw new RangeError(`${status} is not the status of an answer`)
      // Node lets none of these have a body.
      const endStream = isBodiless(request.method, status) || status === 205
      const headers = { ':status': status, ...streamHeaders(answer.headers) }
      const said = rawHeader(answer.headers, 'content-length')
      const mayTrail = mayHaveTrailers(answer)
      if (said === null && !mayTrail && !endStream)
        Object.assign(headers, { 'content-length': String(answer.body.whole?.length) })
      const waitForTrailers = said === null && mayTrail && !endStream
      if (waitForTrailers)
        stream.once('wantTrailers', () => stream.sendTrailers(streamHeaders(trailers)))
      stream.respond(headers, { endStream, waitForTrailers, ...noDate })
      return said === null || endStream ? null : Number(said)
    },
  }
}

/** Interim answers, of which none is worth an error. */
const createEarly =
  (stream: ServerHttp2Stream): Client['early'] =>
  (status, headers) => {
    if (status === 100 || status === 101 || stream.headersSent || stream.closed) return
    try {
      stream.additionalHeaders({ ':status': status, ...streamHeaders(headers) })
    } catch {
      // What cannot be written is what nobody waits for.
    }
  }

/** Watches the client from the first moment that something waits for it. */
const createReaderWatch = ({ stream, slow }: StreamClientOptions, cut: (why: Failure) => void) => {
  let isWatched = slow === undefined
  const backlog = (): number => stream.writableLength
  return (): void => {
    if (isWatched || stream.closed) return
    isWatched = true
    const stop = slow?.watchReader(backlog, () => cut(tooSlow))
    if (stop !== undefined) stream.once('close', stop)
  }
}

/** One stream. `head` throws an Error on a head that cannot be written. */
export const createStreamClient = (options: StreamClientOptions): Client => {
  const { stream, request, streams } = options
  const ending = createStreamEnding(stream)
  const head = createHead(options)
  let promised: number | null = null
  let from: TargetResponse['from'] = 'banyan'
  let sent = 0
  let resumed: (() => void) | null = null
  const watchReader = createReaderWatch(options, ending.cut)
  const cutMismatch = (): void => ending.cut(failure('http_response_incomplete', from, 'unknown'))
  return {
    early: createEarly(stream),
    onAbort: ending.onAbort,
    onDone: ending.onDone,
    onDrain(resume) {
      if (resumed === null) stream.on('drain', () => resumed?.())
      resumed = resume
    },
    head(answer) {
      if (ending.isOver()) return
      promised = head.begin(answer)
      from = answer.from
      if (streams !== undefined && isEventStream(answer.headers))
        stream.once('close', streams.add(ending.finish))
    },
    write(chunk) {
      if (ending.isOver() || stream.writableEnded) return true
      sent += chunk.length
      if (promised !== null && sent > promised) {
        cutMismatch()
        return true
      }
      let isReady = true
      for (let at = 0; at < chunk.length; at += sliceBytes)
        isReady = stream.write(chunk.subarray(at, at + sliceBytes))
      if (!isReady) watchReader()
      return isReady
    },
    end(trailers) {
      if (ending.isOver()) return
      if (promised !== null && sent < promised) return cutMismatch()
      head.trail(trailers)
      // The rest of an upload that nobody wants: RFC 9113 §8.1.
      if (request.body !== null && !stream.readableEnded)
        stream.once('finish', () => stream.close(NGHTTP2_NO_ERROR))
      stream.end()
      if (stream.writableLength > 0) watchReader()
    },
    fail: ending.cut,
  }
}
