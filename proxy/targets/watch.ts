/** Looks at everything that is under way, again and again, with one timer for all of it. */

/** Something that is under way. */
export interface Watched {
  /** Where the watch finds it; its own business. */
  place: number
  look(nowMs: number): void
}

export interface Watch {
  add(watched: Watched): void
  /** What is not watched may be removed as well. */
  remove(watched: Watched): void
}

/**
 * A timer for each of many short things costs more than to look at the few that are under way.
 *
 * @param everyMs how late it may be noticed that a limit is reached
 * @param now monotonic milliseconds
 */
export const createWatch = (everyMs: number, now: () => number): Watch => {
  // Not a Set: what its tables leave behind in the old generation keeps everything after it alive.
  const all: Watched[] = []
  let timer: NodeJS.Timeout | null = null
  const lookRound = (): void => {
    const nowMs = now()
    // From the end: whoever is removed meanwhile is replaced by one that was looked at.
    for (let place = all.length - 1; place >= 0; place -= 1) all[place]?.look(nowMs)
    if (all.length > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
  return {
    add(watched) {
      watched.place = all.length
      all.push(watched)
      timer ??= setInterval(lookRound, everyMs)
    },
    remove(watched) {
      const { place } = watched
      if (all[place] !== watched) return
      const last = all.pop()
      if (last === undefined || last === watched) return
      all[place] = last
      last.place = place
    },
  }
}
