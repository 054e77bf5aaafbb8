/** Inside a lane: an upload whose bytes are at the edge. */
import type { Body, Sink } from '../send.ts'
import { createBodyReceiver } from './lane-body.ts'
import { type FromLane, type Post, reviveFailure, type ToLane } from './lane-messages.ts'

/** The upload as the handlers see it: asked for when they first read. */
export interface RemoteUpload {
  readonly body: Body
  hear(message: ToLane): void
  /** Whether it has begun and may still go on. */
  isFlowing(): boolean
}

/** @param over called once nothing more of it will come */
export const createRemoteUpload = (
  of: number,
  length: number | null,
  { post, over }: { readonly post: Post<FromLane>; readonly over: () => void },
): RemoteUpload => {
  let sink: Sink | null = null
  const receiver = createBodyReceiver((bytes) => post({ is: 'taken', of, bytes }))
  let state: 'unopened' | 'flowing' | 'over' = 'unopened'
  const finish = (): Sink | null => {
    const last = sink
    sink = null
    state = 'over'
    return last
  }
  const body: Body = {
    length,
    whole: null,
    get opened() {
      return state !== 'unopened'
    },
    flow(to) {
      if (state !== 'unopened') throw new TypeError('this body has already flowed')
      sink = to
      state = 'flowing'
      post({ is: 'open', of })
      const cancel = (): void => {
        if (state !== 'flowing') return
        finish()
        post({ is: 'unwanted', of })
        over()
      }
      return { resume: receiver.resume, cancel }
    },
  }
  return {
    body,
    isFlowing: () => state === 'flowing',
    hear(message) {
      const to = sink
      if (to === null) return
      if (message.is === 'chunk') receiver.chunk(message.bytes, (bytes) => to.write(bytes))
      else if (message.is === 'end') finish()?.end(message.trailers)
      else if (message.is === 'broken') finish()?.fail(reviveFailure(message.why))
      if (state === 'over') over()
    },
  }
}
