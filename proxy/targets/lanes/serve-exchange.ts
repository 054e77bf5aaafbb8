/** Inside a lane: one request, given to the handlers, its answer carried back. */
import { wholeBody } from '../body.ts'
import { asFailure, failure } from '../failure.ts'
import type { Failure, Flow, Outlook, RawHeaders, Send, TargetResponse } from '../send.ts'
import { type BodySender, createBodySender, windowBytes } from './lane-body.ts'
import {
  type CarriedRequest,
  carryFailure,
  type FromLane,
  ownBytes,
  type Post,
  reviveFailure,
  type ToLane,
} from './lane-messages.ts'
import { createRemoteUpload } from './remote-upload.ts'

export interface ServedExchange {
  hear(message: ToLane): void
  /** Whether neither answer nor upload goes on. */
  isOver(): boolean
}

/** Interim answers beyond these are dropped: nobody paces them. */
const mostInterim = 16

/** Bytes of header lines in one answer: they cross in one piece, unpaced. */
const mostHeaderBytes = 262_144

const sizeOf = (headers: RawHeaders): number =>
  headers.reduce((size, line) => size + line.length + 2, 0)

/** The small whole body of an answer, and its trailers; null: it has to flow. */
const wholeOf = ({ body }: TargetResponse): { bytes: Uint8Array; trailers: RawHeaders } | null => {
  if (body.whole === null || body.whole.length > windowBytes) return null
  let trailers: RawHeaders = []
  body.flow({
    write: () => true,
    end(lines) {
      trailers = lines
    },
    fail() {},
  })
  return { bytes: ownBytes(body.whole), trailers }
}

export interface ServeOptions {
  readonly send: Send
  readonly post: Post<FromLane>
  /** Called whenever the last of answer and upload has ended. */
  readonly over: () => void
}

/** Carries the answer of one request back, in one piece or as it comes. */
interface Carrier {
  settled(answer: TargetResponse): void
  fail(why: Failure): void
  taken(bytes: number): void
  /** Nobody wants the rest. */
  stop(): void
  isOver(): boolean
}

const createCarrier = (of: number, post: Post<FromLane>, over: () => void): Carrier => {
  let isOver = false
  let flow: Flow | null = null
  let sender: BodySender | null = null
  const finish = (): void => {
    isOver = true
    over()
  }
  const fail = (why: Failure): void => {
    post({ is: 'failed', of, why: carryFailure(why) })
    finish()
  }
  const carry = (answer: TargetResponse): void => {
    const { status, reason, headers } = answer
    const head = { status, reason, headers }
    const small = wholeOf(answer)
    if (small !== null) {
      const { bytes, trailers } = small
      post({ is: 'head', of, head, whole: bytes, trailers }, bytes)
      finish()
      return
    }
    post({ is: 'head', of, head, whole: null, trailers: [] })
    sender = createBodySender(of, post, finish)
    flow = answer.body.flow(sender)
    sender.from(flow)
  }
  return {
    fail,
    isOver: () => isOver,
    settled(answer) {
      if (sizeOf(answer.headers) <= mostHeaderBytes) {
        carry(answer)
        return
      }
      answer.body.flow({ write: () => false, end() {}, fail() {} }).cancel()
      const detail = 'The handler answered with more header lines than can be sent.'
      fail(failure('handler_failed', 'modern', 'unknown', { detail }))
    },
    taken: (bytes) => sender?.taken(bytes),
    stop() {
      flow?.cancel()
      sender?.stop()
    },
  }
}

const createCarriedOutlook = (
  of: number,
  post: Post<FromLane>,
): { readonly outlook: Outlook; readonly abort: (why: Failure) => void } => {
  let stop: (why: Failure) => void = () => {}
  let interim = 0
  return {
    outlook: {
      early(status, headers) {
        interim++
        if (interim <= mostInterim) post({ is: 'early', of, status, headers })
      },
      onAbort(to) {
        stop = to
      },
    },
    abort: (why) => stop(why),
  }
}

/** Gives one request to the handlers. */
export const serveExchange = (
  of: number,
  carried: CarriedRequest,
  { send, post, over }: ServeOptions,
): ServedExchange => {
  const isOver = (): boolean => carrier.isOver() && upload?.isFlowing() !== true
  const settle = (): void => {
    if (isOver()) over()
  }
  const carrier = createCarrier(of, post, settle)
  const whole = carried.body?.whole ?? null
  const upload =
    carried.body === null || whole !== null
      ? null
      : createRemoteUpload(of, carried.body.length, { post, over: settle })
  const { outlook, abort } = createCarriedOutlook(of, post)
  const body = whole === null ? (upload?.body ?? null) : wholeBody(whole)
  send({ ...carried, body }, outlook).then(carrier.settled, (error) =>
    carrier.fail(asFailure(error)),
  )
  return {
    isOver,
    hear(message) {
      if (message.is === 'taken') carrier.taken(message.bytes)
      else if (message.is === 'stop') {
        carrier.stop()
        abort(reviveFailure(message.why))
      } else upload?.hear(message)
    },
  }
}
