/** One upgrade: what has become of it, and how it ends. Either socket takes the other with it. */
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { UpstreamConfig } from '../config/config.ts'
import { endWithProblem } from '../edge/raw-answer.ts'
import { errorRow } from '../errors.ts'
import type { Target } from '../stage.ts'
import { failure } from './failure.ts'
import { answerLines } from './headers.ts'
import type { Failure, InboundRequest, Observation, RawHeaders } from './send.ts'
import { createFrames, type Frames } from './tunnel-frames.ts'
import { closingHead, groupLines } from './tunnel-reply.ts'
import { wireFailure } from './wire-failure.ts'

/** What Node's server gives away when it emits `upgrade`. */
export interface UpgradeCall {
  readonly request: InboundRequest
  readonly message: IncomingMessage
  readonly socket: Socket
  /** Bytes that came after the head. */
  readonly head: Buffer
  /** What the client is told in place of the upstream's own lines; absent: those. */
  readonly rewriteAnswer?: (lines: RawHeaders) => RawHeaders
}

const linesFor = ({ rewriteAnswer }: UpgradeCall, lines: RawHeaders): RawHeaders =>
  rewriteAnswer === undefined ? lines : rewriteAnswer(lines)

/**
 * How an upgrade ended. Never a tunnel: `limit` of tunnels reached, `failed` without an answer,
 * `refused` by the upstream. Ended by: `client`, `upstream`, silence (`idle`), a `drain`.
 */
export type TunnelEnding = 'limit' | 'failed' | 'refused' | 'client' | 'upstream' | 'idle' | 'drain'

/** `body.length` counts the bytes that went to the client after the head. */
export interface TunnelObservation extends Observation {
  /** Bytes that went to the upstream after the head. */
  readonly uploaded: number
  readonly ending: TunnelEnding
}

/** What may be heard of an upgrade while it lasts. Must not throw. One of them, once. */
export interface TunnelEvents {
  /** The head of an answer came: 101, or a refusal. */
  answered(status: number): void
  /** None did. */
  failed(why: Failure): void
}

/** One upgrade on its way, and what has become of it. */
export interface Join {
  readonly from: Target
  readonly call: UpgradeCall
  readonly isTls: boolean
  readonly limits: UpstreamConfig['timeouts']
  readonly now: () => number
  readonly events: TunnelEvents
  timer: NodeJS.Timeout | undefined
  outgoing: ClientRequest | null
  upstream: Socket | null
  /** What each side has said, where that is WebSocket; null: another protocol, or no tunnel. */
  frames: { readonly client: Frames; readonly upstream: Frames } | null
  /** Something may have been sent. */
  hasBegun: boolean
  status: number | null
  headers: RawHeaders
  headMs: number | null
  failure: Failure | null
  ending: TunnelEnding | null
  /** What the sockets had carried before the tunnel. */
  downloadedBefore: number
  uploadedBefore: number
}

export const clientGone: Failure = failure('client_gone', 'client', 'unknown')

export const observe = (join: Join): TunnelObservation => {
  const { call, status, headers, headMs, upstream } = join
  const failed = join.failure ?? (status === null ? clientGone : null)
  return Object.freeze({
    from: headMs === null ? 'banyan' : join.from,
    status,
    headers,
    trailers: [],
    body: {
      bytes: null,
      length: headMs === null ? 0 : call.socket.bytesWritten - join.downloadedBefore,
      complete: failed === null,
    },
    headMs,
    totalMs: join.now() - call.request.receivedMs,
    failure: failed,
    instead: null,
    uploaded: upstream === null ? 0 : upstream.bytesWritten - join.uploadedBefore,
    ending: join.ending ?? (failed === clientGone ? 'client' : 'failed'),
  })
}

/** Limits the wait for an answer; without one by then, `onError` tells the client why. */
const allow = (join: Join): void => {
  const { limits, from, call, now } = join
  const leftMs = call.request.receivedMs + limits.totalMs - now()
  const answerMs = Math.max(0, Math.min(leftMs, limits.firstByteMs))
  join.timer = setTimeout(() => {
    join.failure = failure('http_response_timeout', from, 'unknown')
    join.outgoing?.destroy(new Error(join.failure.detail))
  }, answerMs)
}

/** The upstream is connected: what comes now may do something there. */
export const onConnected = (join: Join): void => {
  join.hasBegun = true
  allow(join)
}

export const onError = (join: Join, error: unknown): void => {
  const { from, hasBegun, isTls, call, events } = join
  clearTimeout(join.timer)
  if (join.headMs !== null || call.socket.destroyed) {
    call.socket.destroy()
    return
  }
  join.failure ??= hasBegun
    ? failure('http_upgrade_failed', from, 'unknown', { cause: error })
    : wireFailure(error, { from, hasBegun, hasHead: false, isTls })
  join.status = errorRow(join.failure.code).status
  events.failed(join.failure)
  endWithProblem(call.socket, join.failure, call.request.id)
}

const onHead = (join: Join, answer: IncomingMessage, headers: RawHeaders): void => {
  clearTimeout(join.timer)
  const status = answer.statusCode ?? 502
  join.status = status
  join.headers = headers
  join.headMs = join.now() - join.call.request.receivedMs
  join.events.answered(status)
}

const breakOff = (join: Join, error: unknown): void => {
  join.failure ??= failure('http_response_incomplete', join.from, 'unknown', { cause: error })
  join.call.socket.destroy()
}

/** http-proxy's own relay announces chunks, and sends none. */
export const onRefused = (join: Join, answer: IncomingMessage): void => {
  const { socket } = join.call
  const status = answer.statusCode ?? 502
  join.ending = 'refused'
  onHead(join, answer, linesFor(join.call, answerLines(answer.rawHeaders, status)))
  socket.write(closingHead(status, answer.statusMessage ?? '', join.headers))
  join.downloadedBefore = socket.bytesWritten
  answer.on('error', (error) => breakOff(join, error))
  answer.pipe(socket)
}

/** Whoever ends its side first has ended the tunnel. */
const watchEnds = (join: Join, upstream: Socket): void => {
  const { socket } = join.call
  const endedBy = (who: TunnelEnding) => (): void => {
    join.ending ??= who
  }
  for (const event of ['end', 'close']) {
    upstream.prependOnceListener(event, endedBy('upstream'))
    socket.prependOnceListener(event, endedBy('client'))
  }
  upstream.on('close', () => socket.destroySoon())
}

/** Both sides are piped. Not before: what is heard of them then would be lost to the pipes. */
export const onOpen = (join: Join, upstream: Socket): void => {
  const { socket, message } = join.call
  join.downloadedBefore = socket.bytesWritten
  join.uploadedBefore = upstream.bytesWritten
  if (message.headers.upgrade?.trim().toLowerCase() !== 'websocket') return
  const frames = { client: createFrames(), upstream: createFrames() }
  join.frames = frames
  const follow = (from: Socket, who: 'client' | 'upstream'): void => {
    from.on('data', (bytes: Buffer) => {
      frames[who].read(bytes)
      // Whoever says Close has ended it; the server ends the connection all the same (§7.1.1).
      if (frames[who].isClosed()) join.ending ??= who
    })
  }
  follow(socket, 'client')
  follow(upstream, 'upstream')
}

export const onJoined = (join: Join, answer: IncomingMessage, upstream: Socket): void => {
  const { socket } = join.call
  const lines = linesFor(join.call, answer.rawHeaders)
  onHead(join, answer, lines)
  join.upstream = upstream
  // What http-proxy writes to the client: bytes as they came, not merged, not in lower case.
  answer.headers = Object.fromEntries(groupLines(lines)) as IncomingHttpHeaders
  socket.setDefaultEncoding('latin1')
  upstream.on('error', (error) => {
    join.ending ??= 'upstream'
    breakOff(join, error)
  })
  watchEnds(join, upstream)
  if (socket.destroyed) upstream.destroy()
}

export const createJoin = (
  { timeouts: limits }: UpstreamConfig,
  now: () => number,
  about: Pick<Join, 'from' | 'call' | 'isTls' | 'events'>,
): Join => ({
  ...about,
  limits,
  now,
  timer: undefined,
  outgoing: null,
  upstream: null,
  frames: null,
  hasBegun: false,
  status: null,
  headers: [],
  headMs: null,
  failure: null,
  ending: null,
  downloadedBefore: 0,
  uploadedBefore: 0,
})
