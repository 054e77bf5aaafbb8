import type { Breaker } from './breaker.ts'

/**
 * A breaker that is made with its first call; until then it is closed. A thousand of them made at
 * once, by one reload of a large config, would hold up the thread for a tenth of a second
 * (measured), and most routes of such a config are asked rarely.
 */
export const createLazyBreaker = (make: () => Breaker): Breaker => {
  let made: Breaker | null = null
  let isClosed = false
  const breaker = (): Breaker => {
    if (made !== null) return made
    made = make()
    if (isClosed) made.close()
    return made
  }
  return {
    state: () => made?.state() ?? 'closed',
    blocks: () => made?.blocks() ?? false,
    begin: () => breaker().begin(),
    record: (call, result, isTimed) => breaker().record(call, result, isTimed),
    recordLate: () => breaker().recordLate(),
    close() {
      isClosed = true
      made?.close()
    },
  }
}
