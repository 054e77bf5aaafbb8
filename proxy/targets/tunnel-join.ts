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
import { closingHead, groupLines } from './tunnel-reply.ts'
import { wireFailure } from './wire-failure.ts'

/** What Node's server gives away when it emits `upgrade`. */
export interface UpgradeCall {
  readonly request: InboundRequest
  readonly message: IncomingMessage
  readonly socket: Socket
  /** Bytes that came after the head. */
  readonly head: Buffer
}

/** `body.length` counts the bytes that went to the client after the head. */
export interface TunnelObservation extends Observation {
  /** Bytes that went to the upstream after the head. */
  readonly uploaded: number
}

/** One upgrade on its way, and what has become of it. */
export interface Join {
  readonly from: Target
  readonly call: UpgradeCall
  readonly isTls: boolean
  readonly limits: UpstreamConfig['timeouts']
  readonly now: () => number
  timer: NodeJS.Timeout | undefined
  outgoing: ClientRequest | null
  upstream: Socket | null
  /** Something may have been sent. */
  hasBegun: boolean
  status: number | null
  headers: RawHeaders
  headMs: number | null
  failure: Failure | null
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
  })
}

/** Limits what comes next; without an answer by then, `onError` tells the client why. */
export const allow = (join: Join, ms: number, why: () => Failure): void => {
  clearTimeout(join.timer)
  join.timer = setTimeout(() => {
    join.failure = why()
    join.outgoing?.destroy(new Error(join.failure.detail))
  }, ms)
}

export const onError = (join: Join, error: unknown): void => {
  const { from, hasBegun, isTls, call } = join
  clearTimeout(join.timer)
  if (join.headMs !== null || call.socket.destroyed) {
    call.socket.destroy()
    return
  }
  join.failure ??= hasBegun
    ? failure('http_upgrade_failed', from, 'unknown', { cause: error })
    : wireFailure(error, { from, hasBegun, hasHead: false, isTls })
  join.status = errorRow(join.failure.code).status
  endWithProblem(call.socket, join.failure, call.request.id)
}

const onHead = (join: Join, answer: IncomingMessage, headers: RawHeaders): void => {
  clearTimeout(join.timer)
  join.status = answer.statusCode ?? null
  join.headers = headers
  join.headMs = join.now() - join.call.request.receivedMs
}

const breakOff = (join: Join, error: unknown): void => {
  join.failure ??= failure('http_response_incomplete', join.from, 'unknown', { cause: error })
  join.call.socket.destroy()
}

/** http-proxy's own relay announces chunks, and sends none. */
export const onRefused = (join: Join, answer: IncomingMessage): void => {
  const { socket } = join.call
  const status = answer.statusCode ?? 502
  onHead(join, answer, answerLines(answer.rawHeaders, status))
  socket.write(closingHead(status, answer.statusMessage ?? '', join.headers))
  join.downloadedBefore = socket.bytesWritten
  answer.on('error', (error) => breakOff(join, error))
  answer.pipe(socket)
}

export const onJoined = (join: Join, answer: IncomingMessage, upstream: Socket): void => {
  const { socket } = join.call
  onHead(join, answer, answer.rawHeaders)
  join.upstream = upstream
  // What http-proxy writes to the client: bytes as they came, not merged, not in lower case.
  answer.headers = Object.fromEntries(groupLines(answer.rawHeaders)) as IncomingHttpHeaders
  socket.setDefaultEncoding('latin1')
  upstream.on('error', (error) => breakOff(join, error))
  upstream.on('close', () => socket.destroySoon())
  if (socket.destroyed) upstream.destroy()
}

export const createJoin = (
  { timeouts: limits }: UpstreamConfig,
  now: () => number,
  about: Pick<Join, 'from' | 'call' | 'isTls'>,
): Join => ({
  ...about,
  limits,
  now,
  timer: undefined,
  outgoing: null,
  upstream: null,
  hasBegun: false,
  status: null,
  headers: [],
  headMs: null,
  failure: null,
  downloadedBefore: 0,
  uploadedBefore: 0,
})
