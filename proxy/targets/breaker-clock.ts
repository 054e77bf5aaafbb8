/** One timer for all breakers that count in windows of the same length. */

export interface BreakerClock {
  /** Calls `tick` every so often; returns how to stop. Keeps no process alive. */
  every(ms: number, tick: () => void): () => void
}

interface Beat {
  readonly ticks: Set<() => void>
  readonly timer: NodeJS.Timeout
}

export const createBreakerClock = (): BreakerClock => {
  const beats = new Map<number, Beat>()
  const startBeat = (ms: number): Beat => {
    const ticks = new Set<() => void>()
    const timer = setInterval(() => {
      for (const tick of ticks) tick()
    }, ms).unref()
    const beat = { ticks, timer }
    beats.set(ms, beat)
    return beat
  }
  return {
    every(ms, tick) {
      const beat = beats.get(ms) ?? startBeat(ms)
      beat.ticks.add(tick)
      return () => {
        beat.ticks.delete(tick)
        if (beat.ticks.size > 0 || beats.get(ms) !== beat) return
        clearInterval(beat.timer)
        beats.delete(ms)
      }
    },
  }
}
