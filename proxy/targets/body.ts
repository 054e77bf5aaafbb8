/** The bodies that senders make: one that is all here, and one that still arrives. */
import type { Body, Failure, Flow, RawHeaders, Sink } from './send.ts'

const still: Flow = { resume: () => {}, cancel: () => {} }

/** A body that is all here; it may flow any number of times, each at once and without pauses. */
export const wholeBody = (bytes: Uint8Array, trailers: RawHeaders = []): Body => {
  let opened = false
  return {
    length: bytes.length,
    whole: bytes,
    get opened() {
      return opened
    },
    flow(to) {
      opened = true
      if (bytes.length > 0) to.write(bytes)
      to.end(trailers)
      return still
    },
  }
}

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

/**
 * A body that a source feeds while it arrives. What comes before `flow` is kept, the source paused
 * at its first chunk, so that an unread body costs one chunk of memory. When all of it came before
 * anybody asked, the body is `whole`, and may flow again.
 *
 * @param length bytes, where the framing tells; null when only the end will
 */
export const createFeed = (length: number | null, source: Source): Feed => {
  let state: State = { is: 'open' }
  let sink: Sink | null = null
  let early: Uint8Array[] = []
  let complete: Body | null = null

  const finish = (to: Sink): void => {
    if (state.is === 'ended') to.end(state.trailers)
    if (state.is === 'failed') to.fail(state.failure)
  }
  const body: Body = {
    length,
    get whole() {
      return complete?.whole ?? null
    },
    get opened() {
      return complete?.opened ?? sink !== null
    },
    flow(to) {
      if (complete !== null) return complete.flow(to)
      if (sink !== null) throw new TypeError('this body has already flowed')
      sink = to
      const chunks = early
      early = []
      let ready = true
      for (const chunk of chunks) ready = to.write(chunk) && ready
      finish(to)
      if (ready && state.is === 'open' && chunks.length > 0) source.resume()
      return {
        resume: () => source.resume(),
        cancel: () => {
          if (state.is === 'open') {
            state = { is: 'cancelled' }
            source.cancel()
          }
        },
      }
    },
  }
  return {
    body,
    write(chunk) {
      if (state.is !== 'open') return true
      if (sink === null) {
        if (early.push(chunk) === 1) source.pause()
        return false
      }
      const ready = sink.write(chunk)
      if (!ready) source.pause()
      return ready
    },
    end(trailers) {
      if (state.is !== 'open') return
      state = { is: 'ended', trailers }
      if (sink !== null) sink.end(trailers)
      else if (early.length <= 1) complete = wholeBody(early[0] ?? new Uint8Array(0), trailers)
    },
    fail(failure) {
      if (state.is !== 'open') return
      state = { is: 'failed', failure }
      if (sink !== null) sink.fail(failure)
    },
  }
}
