/** Looks at everything that is under way, again and again, with one timer for all of it. */

/** Looks once. */
export type Look = (nowMs: number) => void

export interface Watch {
  add(look: Look): void
  remove(look: Look): void
}

/**
 * A timer for each of many short things costs more than to look at the few that are under way.
 *
 * @param everyMs how late it may be noticed that a limit is reached
 * @param now monotonic milliseconds
 */
export const createWatch = (everyMs: number, now: () => number): Watch => {
  const looks = new Set<Look>()
  let timer: NodeJS.Timeout | null = null
  const lookRound = (): void => {
    const nowMs = now()
    for (const look of looks) look(nowMs)
    if (looks.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
  return {
    add(look) {
      looks.add(look)
      timer ??= setInterval(lookRound, everyMs)
    },
    remove: (look) => void looks.delete(look),
  }
}
