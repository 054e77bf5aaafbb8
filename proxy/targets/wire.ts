/** What an attempt says to whatever carries HTTP/1.1 to one origin, and what it hears of it. */
import type { Socket } from 'node:net'
import type { Connect, Origin } from './connector.ts'
import type { Body, RawHeaders } from './send.ts'

export interface WireRequest {
  readonly method: string
  /** Origin form, bytes kept. */
  readonly path: string
  /** All lines but those of the framing. */
  readonly headers: string[]
  /** Which line tells the end of the body; `length` without a body says 0. */
  readonly framing: 'none' | 'length' | 'chunked'
  readonly body: Body | null
  /** Whether the client waits for `100 Continue` before it sends its body. */
  readonly expectsContinue: boolean
  /** Trailers that may travel on, of those that the body ended with. */
  trailers(lines: RawHeaders): RawHeaders
  /** Whether it must not go over a connection that was used before. */
  readonly needsFresh: boolean
}

/** The handle of an exchange on the wire. Once the exchange is over it does nothing. */
export interface WireExchange {
  pause(): void
  resume(): void
  /** Whether the upload stands still because the client does. */
  isClientAwaited(): boolean
  /** Ends it, and its connection; `failed` is called. */
  abort(reason: Error): void
}

/** Who hears of one exchange. The last call is `ended` or `failed`, and there is always one. */
export interface WireListener {
  /**
   * From here on something may have been sent; never called: nothing was. To throw is to say no,
   * which costs no connection.
   *
   * @param isReused whether the connection has served an exchange before
   */
  begun(exchange: WireExchange, isReused: boolean): void
  /** The upstream has taken some of the upload; `isComplete`: the client has sent all of it. */
  sent(isComplete: boolean): void
  /** The first byte of an answer is here. Again after an interim answer. */
  heard(): void
  early(status: number, headers: RawHeaders): void
  head(status: number, reason: string, headers: RawHeaders): void
  data(chunk: Uint8Array): void
  ended(trailers: RawHeaders): void
  /** @param error a Failure where it was the upload that broke */
  failed(error: unknown): void
}

/** The connections to one origin. */
export interface Wire {
  readonly isTls: boolean
  /** `host:port` as the URL has it. */
  readonly authority: string
  /** May call `failed` before it returns. */
  dispatch(request: WireRequest, listener: WireListener): void
  /** Lets go of connections that are stale: of idle ones now, of others once they are idle. */
  prune(): void
  /** Breaks off what is in flight. What is dispatched later fails. */
  close(): Promise<void>
}

export interface WireOptions {
  /** How many exchanges there are at most at once. */
  readonly connections: number
  /** How long a connection may lie idle, where the upstream's `Keep-Alive` line says nothing. */
  readonly keepAliveMs: number
  readonly connect: Connect
  /** Whether a connection leads to where nothing more should be sent; absent: none does. */
  readonly isStale?: ((socket: Socket) => boolean) | undefined
  /** Monotonic milliseconds. */
  readonly now: () => number
}

export type WireMaker = (origin: Origin, options: WireOptions) => Wire
