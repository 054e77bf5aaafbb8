/** A held request and response outside any handler. */
import { HeldRequest } from '../held-request.ts'
import { HeldResponse } from '../held-response.ts'
import { HeldSocket } from '../held-socket.ts'
import type { Failure, InboundRequest, TargetResponse } from '../send.ts'
import { createOutlook, inbound } from './exchange.ts'

export interface HeldPair {
  readonly request: HeldRequest
  readonly response: HeldResponse
  readonly answer: Promise<TargetResponse>
}

export const hold = (
  about: Partial<InboundRequest> = {},
  threw: (error: unknown) => void = () => {},
): HeldPair => {
  const asked = inbound(about)
  const socket = new HeldSocket(asked.peer, () => response.destroy())
  const request = new HeldRequest(asked, socket, (why) => response.halt(why))
  let settle: (answer: TargetResponse) => void = () => {}
  let refuse: (why: Failure) => void = () => {}
  const answer = new Promise<TargetResponse>((resolve, reject) => {
    settle = resolve
    refuse = reject
  })
  const { early } = createOutlook()
  const response: HeldResponse = new HeldResponse(request, {
    ...{ answer: settle, fail: refuse, over() {}, early, threw },
  })
  return { request, response, answer }
}
