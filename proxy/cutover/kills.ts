/**
 * The kills of a process. In memory first, so that a kill never waits for a disk; on disk, so that
 * it outlives a restart.
 */
import type { Route } from '../config/config.ts'
import type { Log } from '../telemetry/log.ts'
import { type Kill, type KillOrder, type KillScope, killProblem } from './kill.ts'
import { createKillFile } from './kill-file.ts'
import { createKillSet } from './kill-set.ts'

/** What came of an order. In memory it is in force in any case. */
export interface KillReceipt {
  /** The kill that began or ended; null where there was none to lift. */
  readonly kill: Kill | null
  /** False: the disk did not take it, so that a restart brings back what was before. */
  readonly survivesRestart: boolean
}

export interface Kills {
  /**
   * In force when it returns, before the promise settles. Replaces a kill of the same scope.
   *
   * @throws RangeError, at once, on an order in which `killProblem` finds something
   */
  kill(order: KillOrder): Promise<KillReceipt>
  /** Out of force when it returns. */
  lift(scope: KillScope): Promise<KillReceipt>
  /** What is in force, oldest first. */
  list(): readonly Kill[]
  /** Whether nothing is to be shadowed. */
  shadowsKilled(): boolean
  /** Whether the traffic of a route belongs to legacy. Costs the same for any number of kills. */
  killed(route: Pick<Route, 'id' | 'modern'>): boolean
}

export interface KillsOptions {
  /** Absolute path; its folder is made where there is none. */
  readonly file: string
  /** Milliseconds of the wall clock, so that the end of a kill outlives the process. */
  readonly now: () => number
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
}

/** Begins with what `file` says is still in force. Never throws: an outage is no time for it. */
export const createKills = ({ file, now, log }: KillsOptions): Kills => {
  const disk = createKillFile(file, log)
  const { put, remove, replace, list, shadowsKilled, killed } = createKillSet(now)
  replace(disk.read())

  const receipt = async (kill: Kill | null): Promise<KillReceipt> => ({
    kill,
    survivesRestart: await disk.write(list()),
  })

  return {
    kill(order) {
      const problem = killProblem(order)
      if (problem !== null) throw new RangeError(problem)
      const { scope, reason, forMs } = order
      const sinceMs = now()
      const kill: Kill = Object.freeze({ scope, reason, sinceMs, untilMs: sinceMs + forMs })
      put(kill)
      log.warn('killed', { ...kill })
      return receipt(kill)
    },
    lift(scope) {
      const kill = remove(scope)
      if (kill !== null) log.info('kill_lifted', { ...kill })
      return receipt(kill)
    },
    list,
    shadowsKilled,
    killed,
  }
}
