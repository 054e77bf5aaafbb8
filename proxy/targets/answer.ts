import type { Target } from '../stage.ts'
import { createFeed, type Feed, wholeBody } from './body.ts'
import { failure } from './failure.ts'
import { isBodiless, rawHeader } from './raw-header.ts'
import type { Body, Failure, RawHeaders, TargetResponse } from './send.ts'

/** Who listens to an answer that is being made. */
export interface AnswerListener {
  answer(response: TargetResponse): void
  /** No head will come. */
  fail(why: Failure): void
  /** There is room for more after a write that returned false. */
  drain(): void
  /** Nothing more will come, or nobody wants it; called once. */
  over(): void
}

export interface Head {
  readonly status: number
  readonly reason: string
  readonly headers: RawHeaders
}

/** An answer that code in this process makes, step by step, as a socket would bring it. */
export interface Answer {
  readonly from: Target
  readonly hasHead: () => boolean
  readonly isOver: () => boolean
  /** @param whole all of the body where it is known; `end` must follow. Null: it will be written */
  head(head: Head, whole: Uint8Array | null, trailers?: RawHeaders): void
  /** Returns false to ask for a pause until `drain`, and after the end. */
  write(chunk: Uint8Array): boolean
  end(trailers: RawHeaders): void
  /** Breaks the answer off; before the head that is the failure of the attempt. */
  stop(why: Failure): void
}

const nothing = new Uint8Array(0)

const declaredLength = (headers: RawHeaders): number | null => {
  const length = rawHeader(headers, 'content-length')
  return length === null ? null : Number(length)
}

const differ = (declared: number | null, length: number): boolean =>
  declared !== null && declared !== length

const wrongLength = (from: Target, declared: number | null, length: number): Failure =>
  failure('http_response_incomplete', from, 'unknown', {
    detail: `The answer declared ${declared} bytes and had ${length}.`,
  })

/**
 * Holds the rules of an answer: one head, one end, no body where there is none, and as many bytes as
 * were declared. Out of turn, every call does nothing.
 */
export const createAnswer = (from: Target, method: string, to: AnswerListener): Answer => {
  let isOver = false
  let hasHead = false
  let feed: Feed | null = null
  let declared: number | null = null
  let written = 0

  const finish = (): void => {
    isOver = true
    to.over()
  }
  const stop = (why: Failure): void => {
    if (isOver) return
    if (!hasHead) to.fail(why)
    else feed?.fail(why)
    finish()
  }
  const source = { pause: () => {}, resume: to.drain, cancel: () => isOver || finish() }

  const open = (all: Uint8Array | null, trailers: RawHeaders): Body => {
    if (all !== null) return wholeBody(all, trailers)
    feed = createFeed(declared, source)
    return feed.body
  }

  return {
    from,
    hasHead: () => hasHead,
    isOver: () => isOver,
    head({ status, reason, headers }, whole, trailers = []) {
      if (isOver || hasHead) return
      const all = isBodiless(method, status) ? nothing : whole
      declared = all === nothing ? null : declaredLength(headers)
      if (all !== null && differ(declared, all.length)) {
        stop(wrongLength(from, declared, all.length))
        return
      }
      hasHead = true
      const body = open(all, trailers)
      to.answer({ from, status, reason, headers, body, failure: null, instead: null })
    },
    write(chunk) {
      if (isOver || feed === null) return !isOver
      written += chunk.length
      if (declared === null || written <= declared) return feed.write(chunk)
      stop(wrongLength(from, declared, written))
      return false
    },
    end(trailers) {
      if (isOver) return
      if (feed !== null && differ(declared, written)) {
        stop(wrongLength(from, declared, written))
        return
      }
      feed?.end(trailers)
      finish()
    },
    stop,
  }
}
