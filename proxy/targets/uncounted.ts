/** A breaker that counts nothing, for an upstream whose breakers nobody made. */
import type { Breaker } from './breaker.ts'
import type { StandingBreaker } from './standing-breaker.ts'

const breaker: Breaker = {
  state: () => 'closed',
  blocks: () => false,
  begin: () => ({ era: 0, startedMs: 0 }),
  record: () => {},
  recordLate: () => {},
  close: () => {},
}

export const uncounted: StandingBreaker = {
  breaker,
  status: () => ({ route: null, upstream: '', address: null, state: 'closed', since: null }),
}
