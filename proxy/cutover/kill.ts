/** One kill: everything of a route, of an upstream, or all, to legacy, until a set time; or no shadows. */

/**
 * Routes of an `upstream` are those whose modern target it is; `handlers` is one too. `shadow`:
 * clients are answered as ever, and nobody is asked for a comparison.
 */
export type KillScope = 'all' | 'shadow' | `route:${string}` | `upstream:${string}`

export const isKillScope = (text: string): text is KillScope =>
  text === 'all' || text === 'shadow' || /^(route|upstream):./.test(text)

/** A kill as it was given. */
export interface Kill {
  readonly scope: KillScope
  /** One sentence of whoever killed; may be hostile to a terminal. */
  readonly reason: string
  /** Unix time, milliseconds. */
  readonly sinceMs: number
  readonly untilMs: number
}

/** What somebody asks for. */
export interface KillOrder {
  readonly scope: KillScope
  readonly reason: string
  readonly forMs: number
}

export const longestKillMs: number = 24 * 3_600_000
const longestReason = 500

/** What is wrong with an order, one clause with the way out; null: nothing. */
export const killProblem = ({ scope, reason, forMs }: KillOrder): string | null => {
  if (!isKillScope(scope)) return 'a scope is "all", "shadow", "route:ID" or "upstream:NAME"'
  if (reason.trim() === '') return 'a kill needs a reason, for whoever finds it at night'
  if (reason.length > longestReason) return `a reason has at most ${longestReason} characters`
  if (!(forMs > 0)) return 'a kill needs a duration above zero, such as 2h'
  if (forMs > longestKillMs) return 'a kill lasts at most 24h; what should last longer is a flip'
  return null
}
