/**
 * Connections of HTTP/2: each stream is a request like any other. Node's own limits hold what is sent
 * over a session; those here, how long and how wastefully one may live.
 */
import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { ListenConfig } from '../config/config.ts'
import { answerBusyStream } from './gate.ts'
import { type StreamHead, streamHead } from './http2-head.ts'
import type { Arrived } from './receive.ts'
import type { ClientLimit } from './slow-clients.ts'

/** A request that came over a stream. */
export interface StreamArrival {
  readonly stream: ServerHttp2Stream
  readonly message: Arrived
  /** Tells the client that no more requests should come over its connection. */
  readonly leave: () => void
}

export interface Http2Sessions {
  accept(socket: TLSSocket): void
  /** Asks all clients to go on elsewhere; tells them which of their requests were taken. */
  leave(): void
  /** Takes no more streams; sessions close when theirs have ended. */
  finish(): void
  destroy(): void
}

export interface Http2SessionsOptions {
  readonly limits: ListenConfig['limits']
  readonly serve: (arrival: StreamArrival) => Promise<void>
  /** Requests of the whole process whose answer is not finished. */
  readonly inFlight: () => number
  readonly onLimit: (limit: ClientLimit) => void
}

const { NGHTTP2_NO_ERROR, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_FLAG_END_STREAM } = constants

const concurrentStreams = 128
/** More lines than `headerCount` reach `refuse`, which answers 431; far more end the stream. */
const slackLines = 16
/** A client knows by then that it is to leave. */
const leaveMs = 1_000
/** Streams that may end without an answer, at once and then again each second. */
const resetBurst = 200
const resetRate = 50

const messageOf = (
  stream: ServerHttp2Stream,
  head: StreamHead,
  { socket, hasBody }: { readonly socket: TLSSocket; readonly hasBody: boolean },
): Arrived => {
  let rawTrailers: readonly string[] = []
  stream.on('trailers', (_headers, _flags, raw?: readonly string[]) => {
    rawTrailers = raw ?? []
  })
  return {
    method: head.method,
    url: head.url,
    httpVersion: '2.0',
    rawHeaders: head.headers,
    socket,
    hasBody,
    on(event: string, hear: (...about: never[]) => void) {
      stream.on(event, hear as () => void)
      // A client that resets its stream tells so by this.
      if (event === 'error') stream.on('aborted', hear as () => void)
    },
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    get rawTrailers() {
      return rawTrailers
    },
  }
}

/** Counts the streams that a client drops before they are answered (CVE-2023-44487). */
const createResetCount = (): (() => boolean) => {
  let left = resetBurst
  let atMs = performance.now()
  return () => {
    const nowMs = performance.now()
    left = Math.min(resetBurst, left + ((nowMs - atMs) * resetRate) / 1_000) - 1
    atMs = nowMs
    return left < 0
  }
}

const sessionOptions = ({ headerBytes, headerCount }: ListenConfig['limits']) => ({
  settings: {
    enablePush: false,
    maxConcurrentStreams: concurrentStreams,
    maxHeaderListSize: headerBytes,
  },
  maxHeaderListPairs: headerCount + slackLines,
  maxSettings: 16,
  maxOutstandingPings: 4,
  maxSessionInvalidFrames: 50,
  maxSessionRejectedStreams: concurrentStreams,
})

/** A destroyed session leaves its socket to whoever made it. */
const cut = (session: ServerHttp2Session, socket: TLSSocket): void => {
  session.destroy()
  // Not before its last frame has left.
  setImmediate(() => socket.destroy())
}

/**
 * Ends a session politely. After any GOAWAY of Node's, nghttp2 ignores streams that come (it has a
 * notice after which it does not, but Node has no call for that): so the first one names the last that
 * was taken, and clients ask again elsewhere at once for all after it (RFC 9113 §6.8).
 */
const createLeave = (session: ServerHttp2Session): (() => void) => {
  let isLeaving = false
  return () => {
    if (isLeaving || session.closed || session.destroyed) return
    isLeaving = true
    session.goaway(NGHTTP2_NO_ERROR)
    setTimeout(() => session.destroyed || session.close(), leaveMs).unref()
  }
}

/** Serves the streams of one session. */
const serveStreams = (
  session: ServerHttp2Session,
  socket: TLSSocket,
  leave: () => void,
  { limits, serve, inFlight, onLimit }: Http2SessionsOptions,
): void => {
  const { inFlight: most = Number.POSITIVE_INFINITY, keepAliveMs } = limits
  const isTooMuch = createResetCount()
  let open = 0
  const closed = (stream: ServerHttp2Stream): void => {
    open -= 1
    if (stream.headersSent || session.destroyed || !isTooMuch()) return
    onLimit('streamResets')
    session.goaway(NGHTTP2_ENHANCE_YOUR_CALM)
    cut(session, socket)
  }
  session.setTimeout(keepAliveMs, () => {
    if (open === 0) session.close()
  })
  session.on('stream', (stream, _headers, flags, raw?: readonly string[]) => {
    // An error may not be nobody's.
    stream.on('error', () => {})
    if (inFlight() >= most) {
      onLimit('inFlight')
      return answerBusyStream(stream)
    }
    open += 1
    stream.once('close', () => closed(stream))
    const hasBody = (flags & NGHTTP2_FLAG_END_STREAM) === 0
    const message = messageOf(stream, streamHead(raw ?? []), { socket, hasBody })
    void serve({ stream, message, leave })
  })
}

export const createHttp2Sessions = (options: Http2SessionsOptions): Http2Sessions => {
  const made = sessionOptions(options.limits)
  const sessions = new Map<ServerHttp2Session, { readonly socket: TLSSocket; leave(): void }>()
  let isLeaving = false
  return {
    accept(socket) {
      const session = performServerHandshake(socket, made)
      const leave = createLeave(session)
      sessions.set(session, { socket, leave })
      session.on('error', () => {})
      session.once('close', () => sessions.delete(session))
      serveStreams(session, socket, leave, options)
      // Its handshake began before the drain did.
      if (isLeaving) leave()
    },
    leave() {
      isLeaving = true
      for (const { leave } of sessions.values()) leave()
    },
    finish() {
      for (const session of sessions.keys()) session.close()
    },
    destroy() {
      for (const [session, { socket }] of sessions) cut(session, socket)
    },
  }
}
