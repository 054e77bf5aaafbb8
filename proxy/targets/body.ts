/** The bodies that senders make: one that is all here, and one that still arrives. */
import { Buffer } from 'node:buffer'
import type { Body, Failure, Flow, RawHeaders, Sink } from './send.ts'

const still: Flow = { resume: () => {}, cancel: () => {} }

/** A body as its maker sees it. Plain properties: accessors are made anew for every object. */
type Making = { -readonly [Key in keyof Body]: Body[Key] }

/** Lets a body flow any number of times, each at once and without pauses, for it is all here. */
const makeWhole = (body: Making, bytes: Uint8Array, trailers: RawHeaders): void => {
  body.whole = bytes
  body.flow = (to) => {
    body.opened = true
    if (bytes.length > 0) to.write(bytes)
    to.end(trailers)
    return still
  }
}

/** A body that is all here; it may flow any number of times, each at once and without pauses. */
export const wholeBody = (bytes: Uint8Array, trailers: RawHeaders = []): Body => {
  const body: Making = { length: bytes.length, whole: bytes, opened: false, flow: () => still }
  makeWhole(body, bytes, trailers)
  return body
}

/** Its accessors are made once, for all of them (docs/discoveries/v8-dead-requests-kept.md). */
class Reflowed implements Body {
  readonly #body: Body
  readonly flow: Body['flow']

  constructor(body: Body, flow: Body['flow']) {
    this.#body = body
    this.flow = flow
  }

  get length(): number | null {
    return this.#body.length
  }

  get whole(): Uint8Array | null {
    return this.#body.whole
  }

  get opened(): boolean {
    return this.#body.opened
  }
}

/** A body like another one, which flows otherwise. */
export const reflowed = (body: Body, flow: Body['flow']): Body => new Reflowed(body, flow)

/** The source's handle on a body that still arrives. */
export interface Feed extends Sink {
  readonly body: Body
}

/** How a feed speaks to its source: `pause` until `resume`; `cancel` when nobody wants the rest. */
export interface Source {
  pause(): void
  resume(): void
  cancel(): void
}

type State =
  | { readonly is: 'open' }
  | { readonly is: 'ended'; readonly trailers: RawHeaders }
  | { readonly is: 'failed'; readonly failure: Failure }
  | { readonly is: 'cancelled' }

const open: State = { is: 'open' }
const cancelled: State = { is: 'cancelled' }

/** What may wait for `flow`: as much as a source reads from its socket at once. */
const earlyLimit = 65_536

/** What came before `flow`. */
const createEarly = (): {
  isFull(): boolean
  keep(chunk: Uint8Array): void
  join(): Uint8Array
  /** Hands it over, once. Returns whether the sink takes more. */
  pour(to: Sink): boolean
} => {
  let chunks: Uint8Array[] = []
  let length = 0
  return {
    isFull: () => length >= earlyLimit,
    keep(chunk) {
      chunks.push(chunk)
      length += chunk.length
    },
    join() {
      const [only] = chunks
      return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
    },
    pour(to) {
      let ready = true
      for (const chunk of chunks) ready = to.write(chunk) && ready
      chunks = []
      return ready
    },
  }
}

/**
 * A body that a source feeds while it arrives. What comes before `flow` is kept, the source paused
 * once that is 64 KiB; to pause it sooner would keep the end of a small body away. When all of it
 * came before anybody asked, the body is `whole`, and may flow again.
 *
 * @param length bytes, where the framing tells; null when only the end will
 */
export const createFeed = (length: number | null, source: Source): Feed => {
  let state: State = open
  let sink: Sink | null = null
  const early = createEarly()

  const start = (to: Sink): void => {
    sink = to
    const ready = early.pour(to)
    if (state.is === 'ended') to.end(state.trailers)
    else if (state.is === 'failed') to.fail(state.failure)
    else if (ready && early.isFull()) source.resume()
    else if (!ready && !early.isFull()) source.pause()
  }
  const cancel = (): void => {
    if (state.is !== 'open') return
    state = cancelled
    source.cancel()
  }
  const body: Making = {
    length,
    whole: null,
    opened: false,
    flow(to) {
      if (sink !== null) throw new TypeError('this body has already flowed')
      body.opened = true
      start(to)
      return { resume: () => source.resume(), cancel }
    },
  }
  const keep = (chunk: Uint8Array): boolean => {
    const wasFull = early.isFull()
    early.keep(chunk)
    if (early.isFull() && !wasFull) source.pause()
    return !early.isFull()
  }
  return {
    body,
    write(chunk) {
      if (state.is !== 'open') return true
      if (sink === null) return keep(chunk)
      const ready = sink.write(chunk)
      if (!ready) source.pause()
      return ready
    },
    end(trailers) {
      if (state.is !== 'open') return
      state = { is: 'ended', trailers }
      if (sink !== null) sink.end(trailers)
      else makeWhole(body, early.join(), trailers)
    },
    fail(failure) {
      if (state.is !== 'open') return
      state = { is: 'failed', failure }
      if (sink !== null) sink.fail(failure)
    },
  }
}
