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

/** Shorter ones are put together. */
const shortBytes = 1_024
const leastSlab = 256
const mostSlab = 65_536

/**
 * Bytes in the order in which they came. Whoever sends them chooses how short their pieces are; kept by
 * itself, one of a single byte takes a hundred.
 */
class Pieces {
  #sealed: Uint8Array[] = []
  #slab: Buffer = nothing
  /** Where in the slab what is not sealed yet begins, and where it ends. */
  #from = 0
  #to = 0
  #length = 0

  add(chunk: Uint8Array): void {
    if (chunk.length >= shortBytes) {
      this.#seal()
      this.#sealed.push(compact(chunk))
    } else this.#append(chunk)
    this.#length += chunk.length
  }

  join(): Uint8Array {
    this.#seal()
    const [only = nothing] = this.#sealed
    const all = this.#sealed.length > 1 ? Buffer.concat(this.#sealed) : only
    this.#sealed = [all]
    return all
  }

  #append(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#slab.length) {
      this.#seal()
      // As much again as is here: no more than half of it is ever empty.
      const bytes = Math.max(leastSlab, chunk.length, Math.min(mostSlab, this.#length))
      this.#slab = Buffer.allocUnsafeSlow(bytes)
      this.#from = 0
      this.#to = 0
    }
    this.#slab.set(chunk, this.#to)
    this.#to += chunk.length
  }

  #seal(): void {
    if (this.#to > this.#from) this.#sealed.push(this.#slab.subarray(this.#from, this.#to))
    this.#from = this.#to
  }
}

/** A class, for its accessors are made once, for all (docs/discoveries/v8-dead-requests-kept.md). */
class HeldCapture implements Capture {
  readonly #limitBytes: number
  readonly #hold: Hold
  readonly #onLost: () => void
  #pieces = new Pieces()
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
      this.#pieces.add(chunk)
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
    return this.#pieces.join()
  }

  #lose(why: 'limit' | 'memory'): void {
    this.#lost = why
    this.#pieces = new Pieces()
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
