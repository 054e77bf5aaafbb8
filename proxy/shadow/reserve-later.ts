/** Samples that are begun only when the answer is there, for what it is. Nothing is kept until then. */
import type { Reservation } from '../serve.ts'
import type { InboundRequest, TargetResponse } from '../targets/send.ts'

export interface Later {
  /** Without an upload: one that was not copied on its way is gone. */
  readonly request: InboundRequest
  /** Whether a sample is begun for this answer. */
  readonly isWanted: (answer: TargetResponse) => boolean
  /** Null: it is told already what became of it. */
  readonly start: () => Reservation | null
  /** Called where none was begun. */
  readonly without: () => void
}

export const reserveLater = ({ request, isWanted, start, without }: Later): Reservation => {
  let found: Reservation | null = null
  let isStarted = false
  return {
    request,
    tee(answer) {
      if (isStarted || !isWanted(answer)) return answer
      isStarted = true
      found = start()
      return found?.tee(answer) ?? answer
    },
    settle(seen) {
      if (isStarted) found?.settle(seen)
      else without()
    },
  }
}
