/**
 * The kills of a process. In memory first, so that a kill never waits for a disk; on disk, so that
 * it outlives a restart.
 */
import type { Route } from '../config/config.ts'
import type { Log } from '../telemetry/log.ts'
import { type Kill, type KillOrder, type KillScope, killProblem } from './kill.ts'
import { createKillFile } from './kill-file.ts'

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
  const byScope = new Map<KillScope, Kill>(disk.read().map((kill) => [kill.scope, kill]))

  const find = (scope: KillScope): Kill | null => {
    const kill = byScope.get(scope)
    return kill !== undefined && kill.untilMs > now() ? kill : null
  }
  /** Forgets what has ended, so that only kills in force cost a look-up. */
  const list = (): readonly Kill[] => {
    for (const scope of [...byScope.keys()]) if (find(scope) === null) byScope.delete(scope)
    return [...byScope.values()].sort((a, b) => a.sinceMs - b.sinceMs)
  }
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
      byScope.set(scope, kill)
      log.warn('killed', { ...kill })
      return receipt(kill)
    },
    lift(scope) {
      const kill = find(scope)
      byScope.delete(scope)
      if (kill !== null) log.info('kill_lifted', { ...kill })
      return receipt(kill)
    },
    list,
    shadowsKilled: () => byScope.size > 0 && find('shadow') !== null,
    killed: ({ id, modern }) =>
      byScope.size > 0 &&
      (find('all') !== null ||
        find(`route:${id}`) !== null ||
        (modern !== null && find(`upstream:${modern}`) !== null)),
  }
}
