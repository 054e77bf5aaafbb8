/** A copy of a body, made while it passes. It drops what it has no room for; it never slows anything. */
import { Buffer } from 'node:buffer'
import { reflowed } from '../targets/body.ts'
import type { Body, RawHeaders, Sink } from '../targets/send.ts'
import type { Hold } from './budget.ts'

export interface Capture {
  write(chunk: Uint8Array): void
  end(trailers: RawHeaders): void
  /** Takes a body that is all here. */
  keep(whole: Uint8Array): void
  /** All of it; null: it broke off, or was dropped. */
  bytes(): Uint8Array | null
  /** Why it was dropped: longer than its limit, or all memory is in use; null: it was not. */
  readonly lost: 'limit' | 'memory' | null
  readonly length: number
  readonly trailers: RawHeaders
  readonly isComplete: boolean
}

/** A small view would keep all of the buffer that it was cut from. */
const compact = (chunk: Uint8Array): Uint8Array =>
  chunk.buffer.byteLength > 2 * chunk.length ? Buffer.from(chunk) : chunk

const nothing = Buffer.alloc(0)

const join = (chunks: readonly Uint8Array[]): Uint8Array => {
  const [only = nothing] = chunks
  return chunks.length > 1 ? Buffer.concat(chunks) : only
}

/** A class, for its accessors are made once, for all (docs/discoveries/v8-dead-requests-kept.md). */
class HeldCapture implements Capture {
  readonly #limitBytes: number
  readonly #hold: Hold
  readonly #onLost: () => void
  #chunks: Uint8Array[] = []
  #kept = 0
  #length = 0
  #lost: Capture['lost'] = null
  #trailers: RawHeaders = []
  #isComplete = false

  constructor(limitBytes: number, hold: Hold, onLost: () => void) {
    this.#limitBytes = limitBytes
    this.#hold = hold
    this.#onLost = onLost
  }

  get lost(): Capture['lost'] {
    return this.#lost
  }

  get length(): number {
    return this.#length
  }

  get trailers(): RawHeaders {
    return this.#trailers
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  write(chunk: Uint8Array): void {
    this.#length += chunk.length
    if (this.#lost !== null) return
    if (this.#length > this.#limitBytes) this.#lose('limit')
    else if (!this.#hold.take(chunk.length)) this.#lose('memory')
    else {
      this.#kept += chunk.length
      this.#chunks.push(compact(chunk))
    }
  }

  end(trailers: RawHeaders): void {
    this.#trailers = trailers
    this.#isComplete = true
  }

  keep(whole: Uint8Array): void {
    this.write(whole)
    this.#isComplete = true
  }

  bytes(): Uint8Array | null {
    if (this.#lost !== null || !this.#isComplete) return null
    const all = join(this.#chunks)
    this.#chunks = [all]
    return all
  }

  #lose(why: 'limit' | 'memory'): void {
    this.#lost = why
    this.#chunks = []
    this.#hold.give(this.#kept)
    this.#kept = 0
    this.#onLost()
  }
}

/**
 * @param limitBytes a longer body is dropped
 * @param onLost called once when it is dropped
 */
export const createCapture = (
  limitBytes: number,
  hold: Hold,
  onLost: () => void = () => {},
): Capture => new HeldCapture(limitBytes, hold, onLost)

const teeSink = (to: Sink, capture: Capture): Sink => ({
  write(chunk) {
    capture.write(chunk)
    return to.write(chunk)
  },
  end(trailers) {
    capture.end(trailers)
    to.end(trailers)
  },
  fail: (why) => to.fail(why),
})

/** A body as it was, copied when it flows. One that is `whole`, or becomes it, is not copied twice. */
export const teeBody = (body: Body, capture: Capture): Body => {
  if (body.whole !== null) {
    capture.keep(body.whole)
    return body
  }
  return reflowed(body, (to) => body.flow(body.whole === null ? teeSink(to, capture) : to))
}

/** All of a teed upload; null: it was dropped, or the primary did not read it to its end. */
export const capturedBody = (body: Body | null, capture: Capture): Uint8Array | null => {
  // It was all here before anybody asked for it, and may have been read without flowing.
  if (body !== null && body.whole !== null && capture.length === 0) capture.keep(body.whole)
  return capture.bytes()
}
