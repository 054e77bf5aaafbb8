/** What a replay came to, for people and for scripts. Pure. */
import type { Rule } from '../compare/rule.ts'
import type { Config } from '../config/config.ts'
import { type RouteDiffs, routeDiffs } from '../cutover/route-diffs.ts'
import { routeVerdicts } from '../cutover/route-verdicts.ts'
import { type SkipReason, skipReasons } from '../recording/replay-choice.ts'
import type { ReplayCount, RouteCount } from '../recording/replay-count.ts'
import type { ShadowRoute } from '../shadow/shadow-route.ts'
import { diffsView } from './diffs-view.ts'
import { type Column, type Paint, table } from './text.ts'

export interface ReplayResults {
  readonly count: ReplayCount
  readonly config: Config
  /** Null: each route has its own. */
  readonly rules: readonly Rule[] | null
  readonly plans: ReadonlyMap<string, ShadowRoute>
  /** Unix milliseconds. */
  readonly now: number
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const diffsOf = (
  { evidence, exemplars }: RouteCount,
  { config, rules, plans, now }: ReplayResults,
): RouteDiffs => {
  const plan = plans.get(evidence.route)
  const route = plan?.route ?? { effects: null }
  return routeDiffs({
    ...{ evidence, exemplars, today: dayOf(now) },
    rules: rules ?? plan?.rules ?? [],
    verdicts: routeVerdicts(evidence, route, config, now),
  })
}

interface OutcomeLine {
  readonly route: string
  readonly outcome: string
  readonly count: number
}

const linesOf = (routes: readonly RouteCount[]): readonly OutcomeLine[] =>
  routes.flatMap(({ evidence: { route, outcomes } }) =>
    Object.entries(outcomes).map(([outcome, count]) => ({ route, outcome, count })),
  )

const columns: readonly Column<OutcomeLine>[] = [
  { title: 'ROUTE', read: ({ route }) => route },
  {
    title: 'OUTCOME',
    read: ({ outcome }) => outcome,
    color: ({ outcome }) => (/^(?:mismatch|shadow_)/.test(outcome) ? 'red' : null),
  },
  { title: 'COUNT', read: ({ count }) => String(count), align: 'right' },
]

interface SkipLine {
  readonly why: SkipReason
  readonly count: number
}

const skipColumns: readonly Column<SkipLine>[] = [
  { title: 'SKIPPED', read: ({ why }) => why },
  { title: 'COUNT', read: ({ count }) => String(count), align: 'right' },
  { title: 'WHY', read: ({ why }) => skipReasons[why] },
]

const skipsOf = ({ count }: ReplayResults): readonly SkipLine[] =>
  Object.entries(count.skipped()).map(([why, number]) => ({
    why: why as SkipReason,
    count: number,
  }))

export const replayJson = (results: ReplayResults): unknown => {
  const { count } = results
  return {
    replayed: count.done(),
    compared: count.compared(),
    bad: count.bad(),
    skipped: count.skipped(),
    routes: count.routes().map((route) => diffsOf(route, results)),
  }
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')

/** Why nothing was compared, so that nothing is proven: what became of all that was seen. */
export const nothingCompared = (count: ReplayCount): string => {
  const open = count.routes().flatMap(({ evidence }) => Object.entries(evidence.outcomes))
  const sums: Record<string, number> = {}
  for (const [name, number] of open) sums[name] = (sums[name] ?? 0) + number
  const why = listed({ ...sums, ...count.skipped() })
  return `nothing was compared, so nothing is proven: ${why === '' ? 'no exchange was replayed' : why}`
}

const hasPlaces = ({ evidence }: RouteCount): boolean => evidence.places.length > 0

/** @param top so many places of each route at most */
export const replayView = (results: ReplayResults, top: number, paint: Paint): string => {
  const { count } = results
  const routes = count.routes()
  const skips = skipsOf(results)
  const told = `replayed ${count.done()} exchanges: ${count.bad()} not as legacy\n`
  return [
    told,
    routes.length === 0 ? '' : `\n${table(columns, linesOf(routes), paint)}`,
    skips.length === 0 ? '' : `\n${table(skipColumns, skips, paint)}`,
    ...routes
      .filter(hasPlaces)
      .map((route) => `\n${diffsView(diffsOf(route, results), top, paint)}`),
  ].join('')
}
