/** Counts what still needs something, so that it is let go of after the last of them. */

export interface Uses {
  /** Returns what ends this use; only its first call counts. */
  begin(): () => void
  /** Calls `release` once no use is left: at once where there is none. Once only. */
  end(release: () => void): void
}

export const createUses = (): Uses => {
  let count = 0
  let last: (() => void) | null = null
  const leave = (): void => {
    count -= 1
    if (count === 0) last?.()
  }
  return {
    begin() {
      count += 1
      let isOver = false
      return () => {
        if (!isOver) leave()
        isOver = true
      }
    },
    end(release) {
      last = release
      if (count === 0) release()
    },
  }
}
