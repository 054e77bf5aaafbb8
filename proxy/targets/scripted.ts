/** A target that does what a script says, without a socket or a handler. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Target } from '../stage.ts'
import { createFeed, type Feed } from './body.ts'
import { asFailure, failure } from './failure.ts'
import { isBodiless, rawHeader } from './raw-header.ts'
import type { Failure, InboundRequest, RawHeaders, Send, TargetResponse } from './send.ts'
import { uploadStream } from './upload-stream.ts'

/** What a target may do with one exchange, whatever kind of target it is. */
export interface Play {
  readonly method: string
  readonly url: string
  readonly headers: RawHeaders
  /** The upload as it arrives; empty where there is none. Throws when it breaks off. */
  readonly upload: AsyncIterable<Uint8Array>
  early(status: number, headers: RawHeaders): void
  head(status: number, headers?: RawHeaders): void
  /** Resolves once there is room for more: true; or once nobody listens any more: false. */
  write(chunk: Uint8Array): Promise<boolean>
  end(trailers?: RawHeaders): void
  /** Breaks the exchange off, before the head or after it. */
  sever(): void
  /** Resolves once the exchange is over, however it ended. */
  readonly over: Promise<void>
}

/** How a target behaves. What it throws before its head is the failure of the attempt. */
export type Script = (play: Play) => void | Promise<void>

/** The two ends of a wait. `done` stays done. */
interface Latch {
  readonly wait: Promise<void>
  readonly isOpen: () => boolean
  readonly open: () => void
}

const createLatch = (): Latch => {
  let isOpen = false
  let release: () => void = () => {}
  const wait = new Promise<void>((resolve) => {
    release = resolve
  })
  return {
    wait,
    isOpen: () => isOpen,
    open() {
      isOpen = true
      release()
    },
  }
}

/** The answer's half of an exchange; `fail` before the head is the failure of the attempt. */
interface Answer extends Pick<Play, 'head' | 'write' | 'end' | 'over'> {
  readonly hasHead: () => boolean
  fail(why: Failure): void
}

interface Waiting {
  readonly resolve: (answer: TargetResponse) => void
  readonly reject: (why: Failure) => void
}

const createAnswer = (from: Target, method: string, to: Waiting): Answer => {
  const over = createLatch()
  let room = createLatch()
  let feed: Feed | null = null
  const source = { pause: () => {}, resume: () => room.open(), cancel: over.open }
  return {
    over: over.wait,
    hasHead: () => feed !== null,
    head(status, headers = []) {
      if (over.isOpen()) return
      const silent = isBodiless(method, status)
      const length = silent ? '0' : rawHeader(headers, 'content-length')
      feed = createFeed(length === null ? null : Number(length), source)
      if (silent) feed.end([])
      const { body } = feed
      to.resolve({ from, status, reason: '', headers, body, failure: null, instead: null })
    },
    async write(chunk) {
      if (over.isOpen() || feed === null) return false
      room = createLatch()
      if (!feed.write(chunk)) await Promise.race([room.wait, over.wait])
      await turn()
      return !over.isOpen()
    },
    end(trailers = []) {
      feed?.end(trailers)
      over.open()
    },
    fail(why) {
      if (over.isOpen()) return
      over.open()
      if (feed === null) to.reject(why)
      else feed.fail(why)
    },
  }
}

const createPlay = (from: Target, request: InboundRequest, answer: Answer): Omit<Play, 'early'> => {
  const { method, url, headers, body } = request
  const { head, write, end, over } = answer
  const sever = (): void => {
    const code = answer.hasHead() ? 'http_response_incomplete' : 'connection_terminated'
    answer.fail(failure(code, from, 'unknown'))
  }
  const upload = uploadStream(body, answer.fail)
  // The stream's own error repeats what `fail` has been told; a script need not read its upload.
  upload.on('error', () => {})
  return { method, url, headers, upload, head, write, end, over, sever }
}

/** A `Send` that plays one script for every request. */
export const scripted =
  (from: Target, script: Script): Send =>
  (request, outlook) =>
    new Promise((resolve, reject) => {
      const answer = createAnswer(from, request.method, { resolve, reject })
      const play = createPlay(from, request, answer)
      outlook.onAbort(answer.fail)
      const perform = async (): Promise<void> => script({ ...play, early: outlook.early })
      perform().catch((error: unknown) => answer.fail(asFailure(error)))
    })
