/** A target that does what a script says, without a socket or a handler. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Target } from '../stage.ts'
import { type Answer, createAnswer } from './answer.ts'
import { asFailure, failure } from './failure.ts'
import type { InboundRequest, RawHeaders, Send } from './send.ts'
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

/** A wait that is over for good once it has been opened. */
interface Latch {
  readonly wait: Promise<void>
  readonly open: () => void
}

const createLatch = (): Latch => {
  let open: () => void = () => {}
  const wait = new Promise<void>((resolve) => {
    open = resolve
  })
  return { wait, open }
}

const createPlay = (
  { method, url, headers, body }: InboundRequest,
  answer: Answer,
  { over, room }: { over: Latch; room: { now: Latch } },
): Omit<Play, 'early'> => {
  const upload = uploadStream(body, answer.stop)
  // The stream's own error repeats what `stop` has been told; a script need not read its upload.
  upload.on('error', () => {})
  return {
    method,
    url,
    headers,
    upload,
    over: over.wait,
    head: (status, lines = []) => answer.head({ status, reason: '', headers: lines }, null),
    async write(chunk) {
      room.now = createLatch()
      if (!answer.write(chunk)) await Promise.race([room.now.wait, over.wait])
      await turn()
      return !answer.isOver()
    },
    end: (trailers = []) => answer.end(trailers),
    sever() {
      const code = answer.hasHead() ? 'http_response_incomplete' : 'connection_terminated'
      answer.stop(failure(code, answer.from, 'unknown'))
    },
  }
}

/** A `Send` that plays one script for every request. */
export const scripted =
  (from: Target, script: Script): Send =>
  (request, outlook) =>
    new Promise((resolve, reject) => {
      const over = createLatch()
      const room = { now: createLatch() }
      const answer = createAnswer(from, request.method, {
        answer: resolve,
        fail: reject,
        drain: () => room.now.open(),
        over: over.open,
      })
      outlook.onAbort(answer.stop)
      const play = { ...createPlay(request, answer, { over, room }), early: outlook.early }
      const perform = async (): Promise<void> => script(play)
      perform().catch((error: unknown) => answer.stop(asFailure(error)))
    })
