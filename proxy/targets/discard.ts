import type { Body, Flow } from './send.ts'

/** Reading so much costs less than a new connection. */
const limit = 65_536

/** Takes a body to nowhere: a short one to its end, so that its connection can be used again. */
export const discard = (body: Body): void => {
  if (body.whole !== null) return
  let left = limit
  let flow: Flow | null = null
  let isOver = false
  flow = body.flow({
    write({ length }) {
      left -= length
      if (left < 0) flow?.cancel()
      return true
    },
    end() {
      isOver = true
    },
    fail() {
      isOver = true
    },
  })
  if (!isOver && (left < 0 || (body.length ?? 0) > limit)) flow.cancel()
}
