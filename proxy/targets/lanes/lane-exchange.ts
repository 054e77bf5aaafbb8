/** On the side of the edge: one request that a lane serves. */
import { type Answer, createAnswer } from '../answer.ts'
import { failure } from '../failure.ts'
import type { Body, Failure, Flow, InboundRequest, Outlook, TargetResponse } from '../send.ts'
import { type BodySender, createBodyReceiver, createBodySender } from './lane-body.ts'
import {
  type CarriedRequest,
  carryFailure,
  type FromLane,
  hearBy,
  ownBytes,
  type Post,
  type Preparing,
  reviveFailure,
  type ToLane,
  viewOf,
} from './lane-messages.ts'

export interface LaneExchange {
  readonly of: number
  hear(message: FromLane): void
  /** Breaks the answer off; before the head that is the failure of the attempt. */
  stop(why: Failure): void
  hasHead(): boolean
  /** Whether the handler reads the upload, and the client has not sent all of it. */
  isUploading(): boolean
  /** The lane hears and says nothing more of it. */
  detach(): void
}

export interface ExchangeParts {
  readonly of: number
  readonly request: InboundRequest
  readonly prepare: Preparing | undefined
  readonly outlook: Outlook
  readonly post: Post<ToLane>
  readonly resolve: (answer: TargetResponse) => void
  readonly reject: (why: Failure) => void
  /** The answer has all come, or nobody wants the rest; the lane may still be at work. */
  readonly over: () => void
}

interface UploadParts {
  readonly of: number
  readonly body: Body | null
  readonly post: Post<ToLane>
}

/** The upload on its way into the lane, once the lane asks for it. */
const createUploading = ({ of, body, post }: UploadParts) => {
  let state: 'unopened' | 'flowing' | 'over' = 'unopened'
  let flow: Flow | null = null
  const finish = (): void => {
    state = 'over'
  }
  const sender: BodySender = createBodySender(of, post, finish)
  return {
    isFlowing: () => state === 'flowing',
    taken: sender.taken,
    open() {
      if (body === null || state !== 'unopened') return
      state = 'flowing'
      flow = body.flow(sender)
      sender.from(flow)
    },
    cancel() {
      if (state !== 'flowing') return
      sender.stop()
      flow?.cancel()
    },
  }
}

const carryRequest = (request: InboundRequest): [CarriedRequest, Uint8Array | undefined] => {
  const { body, id, method, version, url, path, headers, peer, receivedMs, refusal } = request
  const whole = body === null || body.whole === null ? null : ownBytes(body.whole)
  const carried = body === null ? null : { length: body.length, whole }
  return [
    { id, method, version, url, path, headers, peer, receivedMs, refusal, body: carried },
    whole ?? undefined,
  ]
}

/** The handling of each message, while the lane belongs to this exchange. */
const listen = (
  answer: Answer,
  uploading: ReturnType<typeof createUploading>,
  { post, of, outlook }: ExchangeParts,
): { hear(message: FromLane): void; drain(): void } => {
  const receiver = createBodyReceiver((bytes) => post({ is: 'taken', of, bytes }))
  const head = ({ head, whole, trailers }: Of<'head'>): void => {
    const bytes = whole === null ? null : viewOf(whole)
    answer.head(head, bytes, trailers)
    if (bytes !== null) answer.end(trailers)
  }
  const stop = ({ why }: Of<'broken' | 'failed'>): void => answer.stop(reviveFailure(why))
  return {
    drain: receiver.resume,
    hear: hearBy<FromLane>({
      head,
      chunk: ({ bytes }) => receiver.chunk(bytes, answer.write),
      end: ({ trailers }) => answer.end(trailers),
      broken: stop,
      failed: stop,
      early({ status, headers }) {
        if (!answer.hasHead() && !answer.isOver()) outlook.early(status, headers)
      },
      open: uploading.open,
      taken: ({ bytes }) => uploading.taken(bytes),
      unwanted: uploading.cancel,
    }),
  }
}

type Of<Kind extends FromLane['is']> = Extract<FromLane, { readonly is: Kind }>

const unwanted = failure('client_gone', 'client', 'unknown')

/** After these the lane says nothing more of the answer. */
const endings: ReadonlySet<FromLane['is']> = new Set(['end', 'broken', 'failed'])

/** Gives one request to a lane. */
export const createLaneExchange = (parts: ExchangeParts): LaneExchange => {
  const { of, request, prepare, outlook, resolve, reject } = parts
  let isAttached = true
  let isEnded = false
  let lastFailure: Failure | null = null
  const post: Post<ToLane> = (message, bytes) => {
    if (isAttached) parts.post(message, bytes)
  }
  const answer: Answer = createAnswer('modern', request.method, {
    answer: resolve,
    fail: reject,
    drain: () => heard.drain(),
    over() {
      if (!isEnded) post({ is: 'stop', of, why: carryFailure(lastFailure ?? unwanted) })
      parts.over()
    },
  })
  const uploading = createUploading({ of, body: request.body, post })
  const heard = listen(answer, uploading, { ...parts, post })
  const stop = (why: Failure): void => {
    lastFailure = why
    answer.stop(why)
  }
  const [carried, bytes] = carryRequest(request)
  const first = { is: 'request', of, request: carried } as const
  post(prepare === undefined ? first : { prepare, ...first }, bytes)
  outlook.onAbort(stop)
  return {
    of,
    stop,
    hasHead: answer.hasHead,
    isUploading: uploading.isFlowing,
    hear(message) {
      isEnded ||= endings.has(message.is) || (message.is === 'head' && message.whole !== null)
      heard.hear(message)
    },
    detach() {
      isAttached = false
      uploading.cancel()
    },
  }
}
