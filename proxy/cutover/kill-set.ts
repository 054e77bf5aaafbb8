/** The kills in force, in memory: what `choose` asks for every request. */
import type { Route } from '../config/config.ts'
import type { Kill, KillScope } from './kill.ts'

export interface KillSet {
  /** What is in force, oldest first. */
  list(): readonly Kill[]
  /** Whether nothing is to be shadowed. */
  shadowsKilled(): boolean
  /** Whether the traffic of a route belongs to legacy. Costs the same for any number of kills. */
  killed(route: Pick<Route, 'id' | 'modern'>): boolean
  /** Replaces a kill of the same scope. */
  put(kill: Kill): void
  /** Returns what was in force. */
  remove(scope: KillScope): Kill | null
  /** Forgets all others. */
  replace(kills: readonly Kill[]): void
}

/** @param now milliseconds of the wall clock */
export const createKillSet = (now: () => number): KillSet => {
  const byScope = new Map<KillScope, Kill>()
  const find = (scope: KillScope): Kill | null => {
    const kill = byScope.get(scope)
    return kill !== undefined && kill.untilMs > now() ? kill : null
  }
  return {
    put: (kill) => void byScope.set(kill.scope, kill),
    remove(scope) {
      const kill = find(scope)
      byScope.delete(scope)
      return kill
    },
    replace(kills) {
      byScope.clear()
      for (const kill of kills) byScope.set(kill.scope, kill)
    },
    /** Forgets what has ended, so that only kills in force cost a look-up. */
    list() {
      for (const scope of [...byScope.keys()]) if (find(scope) === null) byScope.delete(scope)
      return [...byScope.values()].sort((a, b) => a.sinceMs - b.sinceMs)
    },
    shadowsKilled: () => byScope.size > 0 && find('shadow') !== null,
    killed: ({ id, modern }) =>
      byScope.size > 0 &&
      (find('all') !== null ||
        find(`route:${id}`) !== null ||
        (modern !== null && find(`upstream:${modern}`) !== null)),
  }
}
