/** The body of a request as it comes from the client's socket. */
import { createFeed, reflowed } from '../targets/body.ts'
import { failure } from '../targets/failure.ts'
import type { Body } from '../targets/send.ts'
import type { SlowClients } from './slow-clients.ts'

const clientGone = failure('client_gone', 'client', 'unknown')
const tooSlow = failure('client_timeout', 'client', 'unknown')

/** The body, and what its first flow does besides. */
const withFirstFlow = (body: Body, first: () => void): Body =>
  reflowed(body, (to) => {
    if (!body.opened) first()
    return body.flow(to)
  })

/** What a body is fed from: the message of HTTP/1, a stream of HTTP/2. */
export interface UploadSource {
  on(event: 'data', hear: (chunk: Uint8Array) => void): unknown
  on(event: 'end' | 'error', hear: () => void): unknown
  pause(): unknown
  resume(): unknown
  readonly rawTrailers: readonly string[]
}

export interface UploadOptions {
  /** Bytes that Content-Length announces; null for a body that ends when it ends. */
  readonly length: number | null
  /** Called at the first flow when the client waits for `100 Continue`; null: it does not. */
  readonly sendContinue: (() => void) | null
  /** Absent: the client may take its time. */
  readonly slow?: SlowClients | undefined
}

/** Watches the pace of an upload from when the client may send it, until it is over. */
const createHurry = (slow: SlowClients, received: () => number, expire: () => void) => {
  let isHeld = false
  let wasHeld = false
  let stop: (() => void) | null = null
  return {
    start(): void {
      stop ??= slow.watchUpload(
        {
          received,
          isHeld() {
            const held = wasHeld || isHeld
            wasHeld = isHeld
            return held
          },
        },
        expire,
      )
    },
    hold(is: boolean): void {
      isHeld = is
      wasHeld ||= is
    },
    stop: (): void => stop?.(),
  }
}

const patient: SlowClients = { watchUpload: () => () => {}, watchReader: () => () => {} }

/**
 * Feeds a body from a request. At most one chunk waits here before somebody wants it.
 * A client that is too slow breaks it.
 */
export const createUpload = (source: UploadSource, options: UploadOptions): Body => {
  const { length, sendContinue, slow = patient } = options
  let received = 0
  const hurry = createHurry(
    slow,
    () => received,
    () => feed.fail(tooSlow),
  )
  const feed = createFeed(length, {
    pause() {
      hurry.hold(true)
      source.pause()
    },
    resume() {
      hurry.hold(false)
      source.resume()
    },
    // A client that sends everything before it reads anything must get rid of the rest.
    cancel() {
      hurry.stop()
      source.resume()
    },
  })
  source.on('data', (chunk: Uint8Array) => {
    received += chunk.length
    feed.write(chunk)
    // A paused message does not tell its end, and without its end no body is `whole`.
    if (received === length) source.resume()
  })
  source.on('end', () => {
    hurry.stop()
    feed.end(source.rawTrailers)
  })
  source.on('error', () => {
    hurry.stop()
    feed.fail(clientGone)
  })
  if (sendContinue === null) {
    hurry.start()
    return feed.body
  }
  return withFirstFlow(feed.body, () => {
    hurry.start()
    sendContinue()
  })
}
