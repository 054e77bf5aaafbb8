import type { BreakerStatus } from '../admin/status.ts'
import type { Breaker } from './breaker.ts'

/** A breaker and what it says of itself. */
export interface StandingBreaker {
  readonly breaker: Breaker
  status(): BreakerStatus
}
