/** The config in force: each one is compiled beside the one that serves, then one reference is swapped. */
import type { Life } from './admin/process-status.ts'
import { buildEngine } from './build-engine.ts'
import type { Config } from './config/config.ts'
import type { Snapshots } from './snapshots.ts'
import type { StandingParts } from './standing-parts.ts'

export interface InForce {
  /**
   * Compiles a config and swaps one reference; one config after the other. Rejects as a build does.
   *
   * @param isWanted asked once it is its turn; what it throws is rejected with
   * @returns whether it was wanted
   */
  put(config: Config, isWanted?: () => boolean): Promise<boolean>
  /** Until nothing is compiled any more. Never rejects. */
  settled(): Promise<void>
}

export const createInForce = (
  standing: StandingParts,
  snapshots: Snapshots,
  life: Life,
): InForce => {
  const isDraining = (): boolean => life.state === 'draining'
  let last: Promise<unknown> = Promise.resolve()
  const apply = async (config: Config): Promise<void> => {
    if (life.handlers === null) throw new Error('the proxy has not started')
    const built = await buildEngine(config, { standing, handlers: life.handlers, isDraining })
    standing.snapshotMetrics.use(config)
    snapshots.use(built.engine, built.release)
    life.built = built
    life.appliedAt = new Date().toISOString()
  }
  return {
    put(config, isWanted = () => true) {
      const applied = last.then(async () => {
        if (!isWanted()) return false
        await apply(config)
        return true
      })
      last = applied.catch(() => {})
      return applied
    },
    async settled() {
      await last
    },
  }
}
