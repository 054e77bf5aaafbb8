/**
 * The one door to undici, which carries what is not on a client's way: raw lines in, raw lines out,
 * no stream unless a body is uploaded.
 */
import { Buffer } from 'node:buffer'
import { STATUS_CODES } from 'node:http'
import { type buildConnector, type Dispatcher, Pool } from 'undici'
import { type Connect, serverName } from './connector.ts'
import type { RawHeaders } from './send.ts'
import { createUploading, type Uploading } from './uploading.ts'
import type { WireListener, WireMaker, WireRequest } from './wire.ts'
import { errorCodeOf } from './wire-failure.ts'

/** undici gives raw lines as Buffers, but types them as all that its handlers may ever get. */
const textLines = (raw: Dispatcher.DispatchController['rawHeaders']): RawHeaders => {
  if (!Array.isArray(raw)) return []
  const lines: string[] = new Array(raw.length)
  for (let at = 0; at < raw.length; at++) {
    const part = raw[at] as Buffer | string
    lines[at] = typeof part === 'string' ? part : part.toString('latin1')
  }
  return lines
}

const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length

/** undici decodes the reason as UTF-8. Its bytes are got back, unless they were none of UTF-8. */
const reasonBytes = (status: number, reason: string): string => {
  if (reason === STATUS_CODES[status] || isAscii(reason)) return reason
  return reason.includes('\ufffd') ? '' : Buffer.from(reason).toString('latin1')
}

/** undici counts the bytes of a body that a 204 or 304 never has, and finds them missing. */
const isWholeAnyway = (status: number, error: unknown): boolean =>
  (status === 204 || status === 304) && errorCodeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'

/** What the exchanges of one pool know of its connections. */
interface Connections {
  /** Whether this very moment is within the callback that brings a new one: see `connectFor`. */
  isFresh: boolean
  /** Dispatched, and neither begun nor failed. */
  waiting: number
}

const createHandler = (
  to: WireListener,
  uploading: Uploading | null,
  connections: Connections,
): Dispatcher.DispatchHandler => {
  let finalStatus = 0
  let isWaiting = true
  connections.waiting += 1
  const arrive = (): void => {
    if (isWaiting) connections.waiting -= 1
    isWaiting = false
  }
  return {
    onRequestStart(controller) {
      arrive()
      const exchange = {
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        abort: (reason: Error) => controller.abort(reason),
        isClientAwaited: () => uploading?.isWaiting() === true,
      }
      to.begun(exchange, !connections.isFresh)
    },
    // Typed as old, yet the only word of an answer whose head is not complete.
    onResponseStarted: () => to.heard(),
    onResponseStart(controller, status, _headers, reason = '') {
      const lines = textLines(controller.rawHeaders)
      if (status < 200) return to.early(status, lines)
      finalStatus = status
      to.head(status, reasonBytes(status, reason), lines)
    },
    onResponseData: (_controller, chunk) => to.data(chunk),
    onResponseEnd(controller) {
      uploading?.stream.destroy()
      to.ended(textLines(controller.rawTrailers))
    },
    onResponseError(_controller, error) {
      arrive()
      uploading?.stream.destroy()
      if (isWholeAnyway(finalStatus, error)) to.ended([])
      else to.failed(uploading?.failure() ?? error)
    },
  }
}

/** Opens a connection for whoever waits for one. */
const connectFor =
  (connections: Connections, connect: Connect): buildConnector.connector =>
  (_options, callback) => {
    // undici connects once more for an exchange that was aborted, which nobody wants: undici#5845.
    if (connections.waiting === 0) {
      queueMicrotask(() => callback(new Error('nobody waits for a connection'), null))
      return
    }
    connect((error, socket) => {
      // undici begins the first exchange of a connection within this callback.
      connections.isFresh = true
      if (socket === null) callback(error ?? new Error('no socket'), null)
      else callback(null, socket)
      connections.isFresh = false
    })
  }

/** undici sends no trailers, so it must announce none. */
const sendableLines = ({ headers, framing, body }: WireRequest): string[] => {
  const lines: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] as string
    if (name.toLowerCase() !== 'trailer') lines.push(name, headers[at + 1] as string)
  }
  const length = body === null ? 0 : body.length
  if (framing !== 'none' && length !== null) lines.push('Content-Length', String(length))
  return lines
}

/** One pool for one origin: never an Agent, whose map of origins grows with what clients send. */
export const createHttpPool: WireMaker = (origin, options) => {
  const open = (): { readonly connections: Connections; readonly pool: Pool } => {
    const connections: Connections = { isFresh: false, waiting: 0 }
    const pool = new Pool(`${origin.protocol}//${origin.authority}`, {
      connections: options.connections,
      pipelining: 1,
      // Limits of time are the attempt's: undici's timers are coarse, and do not know of SSE.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: options.keepAliveMs,
      maxHeaderSize: 65_536,
      allowH2: false,
      connect: connectFor(connections, options.connect),
    })
    return { connections, pool }
  }
  let current = open()
  const pruned = new Set<Pool>()
  let isClosed = false
  const name = origin.protocol === 'https:' ? serverName(origin) || origin.hostname : null
  return {
    isTls: origin.protocol === 'https:',
    authority: origin.authority,
    dispatch(request, listener) {
      const { method, path, body } = request
      const whole = body?.whole ?? null
      const uploading =
        body === null || whole !== null ? null : createUploading(body, listener.sent)
      const call: Dispatcher.DispatchOptions & { servername?: string } = {
        method,
        path,
        headers: sendableLines(request),
        body: uploading?.stream ?? whole,
      }
      // undici would close the connection after every HEAD.
      if (method === 'HEAD') call.reset = false
      // Without a name of its own, undici takes the client's Host, and reconnects when that changes.
      if (name !== null) call.servername = name
      const { pool, connections } = current
      pool.dispatch(call, createHandler(listener, uploading, connections))
    },
    prune() {
      if (isClosed) return
      // undici says of no connection where it leads: all of them are renewed.
      const { pool } = current
      const forget = (): void => void pruned.delete(pool)
      current = open()
      pruned.add(pool)
      pool.close().then(forget, forget)
    },
    close: async () => {
      isClosed = true
      await Promise.all([current.pool, ...pruned].map((pool) => pool.destroy()))
    },
  }
}
