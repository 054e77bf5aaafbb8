/** What a test holds of an exchange: the request it makes, the outlook it hears, the body it takes. */
import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { setTimeout as pass } from 'node:timers/promises'
import { createFeed } from '../body.ts'
import type { Body, Failure, InboundRequest, Outlook, RawHeaders, Sink } from '../send.ts'

/** A plain GET of a trusted loopback client, but for what `about` says. */
export const inbound = (about: Partial<InboundRequest> = {}): InboundRequest => ({
  id: 'request-1',
  method: 'GET',
  version: '1.1',
  url: '/things?x=1',
  path: '/things',
  headers: ['Host', 'things.example'],
  peer: { address: '127.0.0.1', scheme: 'http', host: 'things.example', trusted: true },
  body: null,
  receivedMs: performance.now(),
  refusal: null,
  ...about,
})

export interface TestOutlook extends Outlook {
  readonly interim: ReadonlyArray<readonly [number, RawHeaders]>
  abort(why: Failure): void
}

/** @param aborted stops the exchange before it begins */
export const createOutlook = (aborted: Failure | null = null): TestOutlook => {
  const interim: Array<readonly [number, RawHeaders]> = []
  let stop: ((why: Failure) => void) | null = null
  let reason = aborted
  return {
    interim,
    early: (status, headers) => {
      interim.push([status, headers])
    },
    onAbort(to) {
      stop = to
      if (reason !== null) to(reason)
    },
    abort(why) {
      reason = why
      stop?.(why)
    },
  }
}

export interface Tap extends Sink {
  /** Whether it takes more; set to false, the next chunk asks for a pause. */
  ready: boolean
  readonly chunks: readonly Uint8Array[]
  readonly size: () => number
  readonly trailers: RawHeaders | null
  readonly failure: Failure | null
  /** How often it heard that the body is over. */
  readonly endings: number
  readonly begun: Promise<void>
  readonly over: Promise<void>
}

/** A sink that keeps everything. */
export const createTap = (): Tap => {
  const chunks: Uint8Array[] = []
  let begin: () => void = () => {}
  let finish: () => void = () => {}
  let size = 0
  let trailers: RawHeaders | null = null
  let failure: Failure | null = null
  let endings = 0
  const ending = (): void => {
    endings++
    finish()
  }
  return {
    ready: true,
    chunks,
    size: () => size,
    get trailers() {
      return trailers
    },
    get failure() {
      return failure
    },
    get endings() {
      return endings
    },
    begun: new Promise((resolve) => {
      begin = resolve
    }),
    over: new Promise((resolve) => {
      finish = resolve
    }),
    write(chunk) {
      chunks.push(chunk)
      size += chunk.length
      begin()
      return this.ready
    },
    end(lines) {
      trailers = lines
      ending()
    },
    fail(why) {
      failure = why
      ending()
    },
  }
}

/** All of a body; rejects with its failure when it breaks off. */
export const drink = async (body: Body): Promise<Buffer> => {
  const tap = createTap()
  body.flow(tap)
  await tap.over
  if (tap.failure !== null) throw tap.failure
  return Buffer.concat(tap.chunks)
}

/** An upload of many equal chunks that honours pauses, as a client's socket does. */
export interface Pump {
  readonly body: Body
  readonly sent: () => number
  readonly cancelled: () => boolean
  fail(why: Failure): void
}

/** @param declared whether the body's length is known beforehand */
export const createPump = (chunk: Uint8Array, times: number, declared = true): Pump => {
  let sent = 0
  let going = true
  let scheduled = false
  let cancelled = false
  const schedule = (): void => {
    if (scheduled || !going) return
    scheduled = true
    setImmediate(push)
  }
  const steer = (on: boolean) => (): void => {
    going = on && !cancelled
    schedule()
  }
  const feed = createFeed(declared ? chunk.length * times : null, {
    pause: steer(false),
    resume: steer(true),
    cancel: () => {
      cancelled = true
      going = false
    },
  })
  const push = (): void => {
    scheduled = false
    if (!going) return
    if (sent === times) {
      feed.end([])
      return
    }
    sent++
    feed.write(chunk)
    schedule()
  }
  schedule()
  return { body: feed.body, sent: () => sent, cancelled: () => cancelled, fail: feed.fail }
}

/** Resolves once a count has stopped moving, which is how a producer that waits looks from outside. */
export const standsStill = async (count: () => number): Promise<void> => {
  for (let quiet = 0, last = -1; quiet < 8; quiet++) {
    await pass(10)
    if (count() !== last) quiet = 0
    last = count()
  }
}
