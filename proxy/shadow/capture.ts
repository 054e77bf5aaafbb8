/** A copy of a body, made while it passes. It drops what it has no room for; it never slows anything. */
import { Buffer } from 'node:buffer'
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

/**
 * @param limitBytes a longer body is dropped
 * @param onLost called once when it is dropped
 */
export const createCapture = (
  limitBytes: number,
  hold: Hold,
  onLost: () => void = () => {},
): Capture => {
  let chunks: Uint8Array[] = []
  let kept = 0
  let length = 0
  let lost: Capture['lost'] = null
  let trailers: RawHeaders = []
  let isComplete = false

  const lose = (why: 'limit' | 'memory'): void => {
    lost = why
    chunks = []
    hold.give(kept)
    kept = 0
    onLost()
  }
  const add = (chunk: Uint8Array): void => {
    length += chunk.length
    if (lost !== null) return
    if (length > limitBytes) lose('limit')
    else if (!hold.take(chunk.length)) lose('memory')
    else {
      kept += chunk.length
      chunks.push(compact(chunk))
    }
  }
  return {
    write: add,
    end(last) {
      trailers = last
      isComplete = true
    },
    keep(whole) {
      add(whole)
      isComplete = true
    },
    bytes() {
      if (lost !== null || !isComplete) return null
      const all = join(chunks)
      chunks = [all]
      return all
    },
    get lost() {
      return lost
    },
    get length() {
      return length
    },
    get trailers() {
      return trailers
    },
    get isComplete() {
      return isComplete
    },
  }
}

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
  return {
    length: body.length,
    get whole() {
      return body.whole
    },
    get opened() {
      return body.opened
    },
    flow: (to) => body.flow(body.whole === null ? teeSink(to, capture) : to),
  }
}

/** All of a teed upload; null: it was dropped, or the primary did not read it to its end. */
export const capturedBody = (body: Body | null, capture: Capture): Uint8Array | null => {
  // It was all here before anybody asked for it, and may have been read without flowing.
  if (body !== null && body.whole !== null && capture.length === 0) capture.keep(body.whole)
  return capture.bytes()
}
