import type { Match, Route } from '../config/config.ts'

/** What a test says of a route; the rest is as plain as it gets. */
export type RouteChanges = Partial<Omit<Route, 'match'>> & { readonly match?: Partial<Match> }

/** A whole route for tests: reads, at `legacy`, both targets known. */
export const plainRoute = (id: string, { match, ...changes }: RouteChanges = {}): Route => ({
  id,
  match: { methods: [], path: '/*', host: null, headers: {}, query: {}, ...match },
  stage: 'legacy',
  weightBp: 0,
  sampleBp: 0,
  effects: 'read',
  cohort: id,
  caller: [{ from: 'header', name: 'x-user-id' }],
  legacy: 'php',
  modern: 'handlers',
  run: 'inline',
  fallbackOn: ['notSent', 'breakerOpen', 'bulkheadFull', 'timeout', 'reset', '5xx'],
  breaker: {
    windowMs: 10_000,
    minimumCalls: 20,
    failureRateBp: 5_000,
    slowRateBp: 8_000,
    slowCallMs: 3_000,
    resetAfterMs: 65_000,
    halfOpenCalls: 5,
  },
  examples: [],
  tags: [],
  ...changes,
})
