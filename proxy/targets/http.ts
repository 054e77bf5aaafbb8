/** The one door to undici: raw lines in, raw lines out, no stream unless a body is uploaded. */
import { Buffer } from 'node:buffer'
import { STATUS_CODES } from 'node:http'
import type { Readable } from 'node:stream'
import { type buildConnector, type Dispatcher, Pool } from 'undici'
import { type Connect, type Origin, serverName } from './connector.ts'
import type { RawHeaders } from './send.ts'
import { errorCodeOf } from './wire-failure.ts'

export interface HttpRequest {
  readonly method: string
  /** Origin form, bytes kept. */
  readonly path: string
  readonly headers: string[]
  readonly body: Uint8Array | Readable | null
}

/** The handle of an exchange on the wire. */
export interface Exchange {
  pause(): void
  resume(): void
  /** Ends it, and its connection; `failed` is called at once. */
  abort(reason: Error): void
}

/** Who hears of one exchange. The last call is `ended` or `failed`, and there is always one. */
export interface Listener {
  /**
   * From here on something may have been sent; never called: nothing was. To throw is to say no,
   * which costs no connection.
   *
   * @param isReused whether the connection has served an exchange before
   */
  begun(exchange: Exchange, isReused: boolean): void
  /** The first byte of an answer is here. Again after an interim answer. */
  heard(): void
  early(status: number, headers: RawHeaders): void
  head(status: number, reason: string, headers: RawHeaders): void
  data(chunk: Uint8Array): void
  ended(trailers: RawHeaders): void
  failed(error: unknown): void
}

export interface HttpPool {
  readonly isTls: boolean
  /** `host:port` as the URL has it. */
  readonly authority: string
  /** May call `failed` before it returns. */
  dispatch(request: HttpRequest, listener: Listener): void
  /** Breaks off what is in flight. What is dispatched later fails. */
  close(): Promise<void>
}

export interface HttpPoolOptions {
  readonly connections: number
  /** How long a connection may lie idle, where the upstream's `Keep-Alive` line says nothing. */
  readonly keepAliveMs: number
  readonly connect: Connect
}

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

const createHandler = (to: Listener, connections: Connections): Dispatcher.DispatchHandler => {
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
      to.begun(controller, !connections.isFresh)
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
    onResponseEnd: (controller) => to.ended(textLines(controller.rawTrailers)),
    onResponseError(_controller, error) {
      arrive()
      if (isWholeAnyway(finalStatus, error)) to.ended([])
      else to.failed(error)
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

/** One pool for one origin: never an Agent, whose map of origins grows with what clients send. */
export const createHttpPool = (origin: Origin, options: HttpPoolOptions): HttpPool => {
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
  const name = origin.protocol === 'https:' ? serverName(origin) || origin.hostname : null
  return {
    isTls: origin.protocol === 'https:',
    authority: origin.authority,
    dispatch({ method, path, headers, body }, listener) {
      const call: Dispatcher.DispatchOptions & { servername?: string } = {
        method,
        path,
        headers,
        body,
      }
      // undici would close the connection after every HEAD.
      if (method === 'HEAD') call.reset = false
      // Without a name of its own, undici takes the client's Host, and reconnects when that changes.
      if (name !== null) call.servername = name
      pool.dispatch(call, createHandler(listener, connections))
    },
    close: () => pool.destroy(),
  }
}
