/** How long a worker is awaited that keeps dying. Pure. */

const firstMs = 1_000
const mostMs = 300_000

/** A worker that served so long has not died of its start. */
export const settledMs = 60_000

/** @param quickDeaths those in a row of workers that did not settle, this one included */
export const restartDelayMs = (quickDeaths: number): number =>
  quickDeaths <= 1 ? 0 : Math.min(mostMs, firstMs * 2 ** (quickDeaths - 2))
