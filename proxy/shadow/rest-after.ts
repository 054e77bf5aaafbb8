/** How much of a core comparing may take. */

/** Comparing an answer of some kilobytes takes less, and needs no rest. ms */
const shortMs = 2

/** A task that waits is not to overrun its time by the rest alone. ms */
const longestMs = 250

/** How long the thread rests after a task of so many milliseconds: as long, so that it leaves half of a core. */
export const restAfter = (tookMs: number): number =>
  tookMs < shortMs ? 0 : Math.min(tookMs, longestMs)
