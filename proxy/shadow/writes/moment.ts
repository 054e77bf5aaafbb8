/**
 * Milliseconds, with fractions, by the clock that all processes of the machine share and nobody sets.
 * The origins of `performance.now` differ by whatever the wall clock was set between two starts.
 */
export const moment = (): number => {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1_000 + nanoseconds / 1_000_000
}
