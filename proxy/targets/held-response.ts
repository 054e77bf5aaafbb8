import { Buffer } from 'node:buffer'
import { ServerResponse } from 'node:http'
import { type Answer, createAnswer } from './answer.ts'
import { failure } from './failure.ts'
import {
  type EarlyHints,
  earlyLines,
  type HeadLines,
  heldLines,
  saysNotProcessed,
  setHead,
  trailerLines,
} from './held-head.ts'
import type { HeldRequest } from './held-request.ts'
import type { Failure, Outlook, RawHeaders, TargetResponse } from './send.ts'

type Done = (error?: Error | null) => void
type Chunk = string | Uint8Array | null | undefined

/** Who listens to a held response. */
export interface Holder {
  answer(response: TargetResponse): void
  /** No head will come. */
  fail(why: Failure): void
  /** Nothing more will come, however it ended; called once. */
  over(): void
  readonly early: Outlook['early']
  /** A listener of the handler's own threw. */
  threw(error: unknown): void
}

const nothing = new Uint8Array(0)

const coded = (error: Error, code: string): Error => Object.assign(error, { code })

const bytesOf = (chunk: Chunk, encoding: BufferEncoding | undefined): Uint8Array => {
  if (chunk === null || chunk === undefined) return nothing
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding)
  if (chunk instanceof Uint8Array) return chunk
  const message = 'The chunk must be a string, a Buffer or a Uint8Array'
  throw coded(new TypeError(message), 'ERR_INVALID_ARG_TYPE')
}

/** Says how a write went, on a turn of its own as streams do. */
const tellDone = (done: Done | undefined, isLate: boolean): void => {
  if (done === undefined) return
  const error = new Error('The answer is over: nothing is written')
  process.nextTick(done, isLate ? coded(error, 'ERR_STREAM_DESTROYED') : null)
}

/**
 * A response of a handler's own: what is written goes into memory, and from there to whoever takes
 * the body. Late, aborted or over, it writes into nothing: callbacks hear of it, nothing throws and
 * no `error` event comes.
 */
export class HeldResponse extends ServerResponse {
  /** Node's mark of a head that is written; middleware reads it too. */
  declare _header: string | null
  declare _trailer: string
  declare _closed: boolean
  declare getRawHeaderNames: () => string[]
  declare socket: ServerResponse['socket']
  readonly #request: HeldRequest
  readonly #holder: Holder
  readonly #answer: Answer
  #needsDrain = false
  #waiting: Done[] = []

  constructor(request: HeldRequest, holder: Holder) {
    super(request)
    this.socket = request.socket
    this.#request = request
    this.#holder = holder
    this.#answer = createAnswer('modern', request.method ?? 'GET', {
      answer: holder.answer,
      fail: holder.fail,
      drain: () => this.#drain(),
      over: () => this.#close(),
    })
  }

  override writeHead(status: number, reason?: string | HeadLines, lines?: HeadLines): this {
    if (this._header) throw coded(new Error('The head is already written'), 'ERR_HTTP_HEADERS_SENT')
    if (typeof reason === 'string') setHead(this, status, reason, lines)
    else setHead(this, status, undefined, lines ?? reason)
    this._header = 'held'
    return this
  }

  override flushHeaders(): void {
    if (!this.finished) this.#begin(null)
  }

  override write(chunk: Chunk, ...rest: [(BufferEncoding | Done)?, Done?]): boolean {
    const done = rest.find((each) => typeof each === 'function')
    const encoding = typeof rest[0] === 'string' ? rest[0] : undefined
    const bytes = bytesOf(chunk, encoding)
    if (!this.finished) this.#begin(null)
    const isRoomy = bytes.length === 0 || this.#push(bytes)
    const isLate = this.#answer.isOver()
    if (isRoomy || isLate || done === undefined) tellDone(done, isLate)
    else this.#waiting.push(done)
    return isRoomy && !isLate
  }

  override end(...given: [(Chunk | Done)?, (BufferEncoding | Done)?, Done?]): this {
    const done = given.find((each) => typeof each === 'function')
    const [chunk, encoding] = given.map((each) => (typeof each === 'function' ? undefined : each))
    const bytes = bytesOf(chunk, encoding as BufferEncoding | undefined)
    if (!this.finished && !this.#begin(bytes) && bytes.length > 0) this.#push(bytes)
    const isLate = this.#answer.isOver()
    this.finished = true
    this.#answer.end(trailerLines(this._trailer))
    tellDone(done, isLate)
    return this
  }

  /** No more than a promise: the first read of the upload is what makes the client go on. */
  override writeContinue(done?: () => void): void {
    tellDone(done, false)
  }

  override writeProcessing(): void {
    this.#early(102, [])
  }

  override writeEarlyHints(hints: EarlyHints, done?: () => void): void {
    const lines = earlyLines(hints)
    if (lines !== null) this.#early(103, lines)
    tellDone(done, false)
  }

  override destroy(cause?: Error): this {
    const code = this.#answer.hasHead() ? 'http_response_incomplete' : 'handler_failed'
    this.halt(failure(code, 'modern', 'unknown', { cause }))
    return this
  }

  /** Breaks the answer off for a reason that is not the handler's. */
  halt(why: Failure): void {
    this.#answer.stop(why)
  }

  /** Settles the exchange at its head, once; returns whether it did. */
  #begin(whole: Uint8Array | null): boolean {
    if (this.#answer.hasHead() || this.#answer.isOver()) return false
    if (!this._header) this.writeHead(this.statusCode)
    const trailers = whole === null ? [] : trailerLines(this._trailer)
    if (saysNotProcessed(this)) {
      const detail = 'The handler has not processed this request.'
      this.halt(failure('destination_unavailable', 'modern', 'none', { detail }))
    } else if (this.statusCode < 200) {
      const detail = 'The handler answered with an interim status.'
      this.halt(failure('handler_failed', 'modern', 'unknown', { detail }))
    } else {
      const headers = heldLines(this, trailers.length > 0 ? null : whole)
      const head = { status: this.statusCode, reason: this.statusMessage, headers }
      this.#answer.head(head, whole, trailers)
    }
    return true
  }

  /** The sink may ask for more before its `write` has returned. */
  #push(bytes: Uint8Array): boolean {
    this.#needsDrain = true
    if (this.#answer.write(bytes)) this.#needsDrain = false
    return !this.#needsDrain
  }

  #early(status: number, lines: RawHeaders): void {
    if (!this.#answer.hasHead() && !this.#answer.isOver()) this.#holder.early(status, lines)
  }

  #release(isLate: boolean): void {
    this.#needsDrain = false
    const waiting = this.#waiting
    this.#waiting = []
    for (const done of waiting) tellDone(done, isLate)
  }

  #drain(): void {
    if (!this.#needsDrain) return
    this.#release(false)
    process.nextTick(() => this.#tell('drain'))
  }

  #close(): void {
    const isWhole = this.finished
    this.#release(!isWhole)
    if (isWhole) this.#request.release()
    else this.destroyed = true
    process.nextTick(() => {
      if (isWhole) this.#tell('finish')
      else this.#request.abandon()
      this.destroyed = true
      this._closed = true
      this.#tell('close')
    })
    this.#holder.over()
  }

  /** What a listener of the handler's throws must not end the process. */
  #tell(event: 'drain' | 'finish' | 'close'): void {
    try {
      this.emit(event)
    } catch (error) {
      this.#holder.threw(error)
      this.destroy()
    }
  }
}
