/** Streams of events that are open. They have no end of their own: a drain has to give them one. */

export interface EventStreams {
  /** @param finish ends the answer as a whole one. Returns what forgets it again. */
  add(finish: () => void): () => void
  /** Ends all of them; returns how many there were. */
  finish(): number
}

export const createEventStreams = (): EventStreams => {
  const open = new Set<() => void>()
  return {
    add(finish) {
      open.add(finish)
      return () => open.delete(finish)
    },
    finish() {
      const all = [...open]
      open.clear()
      for (const finish of all) finish()
      return all.length
    },
  }
}
