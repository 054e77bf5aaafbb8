/** What an upload waits for whose client has asked whether to send it at all: RFC 9110 §10.1.1. */

/** As long as curl waits for an upstream that does not know the question. */
const continueMs = 1_000

export interface HeldUpload {
  /** The upstream wants it. */
  release(): void
  /** Nobody wants it any more. */
  drop(): void
}

/**
 * @param begin lets the upload flow, once
 * @param unheeded hears that the upstream has not answered the question
 */
export const holdUpload = (begin: () => void, unheeded: () => void): HeldUpload => {
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    unheeded()
    begin()
  }, continueMs)
  const drop = (): boolean => {
    const wasHeld = !isOver
    isOver = true
    clearTimeout(timer)
    return wasHeld
  }
  return {
    release() {
      if (drop()) begin()
    },
    drop,
  }
}
