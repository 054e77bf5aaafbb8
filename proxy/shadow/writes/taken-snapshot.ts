/** The snapshot of one sample, and whether it stood before its primary was sent. */
import { setTimeout as pass } from 'node:timers/promises'
import type { InconclusiveReason } from '../../compare/outcome.ts'
import { moment } from './moment.ts'
import type { Standing, Watch } from './watch.ts'

export interface TakenSnapshot extends Watch {
  /** What the primary waits for; null: nothing. */
  readonly standing: Promise<void> | null
  /** Why it tells nothing; null: it stood in time. Never rejects. */
  whyNot(): Promise<InconclusiveReason | null>
  release(): void
}

/** @param waitMs how long the primary may wait; 0: not at all */
export const createTakenSnapshot = (standing: Standing, waitMs: number): TakenSnapshot => {
  const { prepared, within, report, release } = standing
  let forwardedAt = moment()
  const wait = async (): Promise<void> => {
    const over = new AbortController()
    const late = pass(waitMs, null, { signal: over.signal }).catch(() => null)
    await Promise.race([prepared, late])
    over.abort()
    forwardedAt = moment()
  }
  return {
    ...{ within, report, release },
    standing: waitMs === 0 ? null : wait(),
    async whyNot() {
      const found = await prepared
      if (found === null) return 'snapshot_lost'
      if (found.problem !== null) return found.problem.reason
      return found.stoodAt > forwardedAt ? 'snapshot_late' : null
    },
  }
}
