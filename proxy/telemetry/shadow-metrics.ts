/** What the outcomes of samples are to metrics. */
import { outcomes } from '../compare/outcome.ts'
import type { Route } from '../config/config.ts'
import type { ShadowBudget } from '../shadow/budget.ts'
import type { Tally, Tell } from '../shadow/finding.ts'
import type { Binlog } from '../shadow/writes/binlog/binlog.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import type { JudgedBy } from '../shadow/writes/taken-snapshot.ts'
import { type Plan, plans, type Target } from '../stage.ts'
import type { Metrics } from './metrics.ts'

const shadowsOf: Readonly<Record<Plan['primary'], readonly Target[]>> = {
  legacy: ['modern'],
  split: ['modern', 'legacy'],
  modern: ['legacy'],
}

/** Begins at zero what a shadowed route may come to: a rate is blind to a first one from nothing. */
export const createBeginCounts = (
  metrics: Metrics,
): ((routes: Iterable<Pick<Route, 'id' | 'stage'>>) => void) => {
  let last: ReadonlyMap<string, Route['stage']> = new Map()
  return (routes) => {
    const now = new Map([...routes].map(({ id, stage }) => [id, stage]))
    for (const [route, stage] of now) {
      if (last.get(route) === stage) continue
      for (const shadow of shadowsOf[plans[stage].primary])
        for (const outcome of Object.keys(outcomes))
          metrics.counter('comparisons_total', { route, shadow, outcome })
    }
    last = now
  }
}

/** Counts each sample once, and each place at which it differs. */
export const createTellMetrics =
  (metrics: Metrics): Tell =>
  ({ route, shadow, outcome, reason, places }: Tally) => {
    metrics.counter('comparisons_total', { route, shadow, outcome }).value += 1
    if (outcome === 'shed') {
      metrics.counter('shadow_drops_total', { route, reason: reason ?? '' }).value += 1
    }
    for (const { kind, severity, as } of places) {
      if (as !== 'difference') continue
      metrics.counter('differences_total', { route, kind, severity }).value += 1
    }
  }

/** Counts by what the writes of samples were judged. */
export const createCountJudged =
  (metrics: Metrics): ((route: string, by: JudgedBy) => void) =>
  (route, by) => {
    metrics.counter('writes_judged_total', { route, by }).value += 1
  }

const binlogLabels: Readonly<Record<BinlogStatus['state'], string>> = {
  starting: 'starting',
  catchingUp: 'catching_up',
  following: 'following',
  failed: 'failed',
}

/** Sets what is told of a binary log just before it is read; where nobody wants one, nothing is. */
export const scrapeBinlog = (metrics: Metrics, binlog: Binlog | null): void =>
  metrics.onScrape(() => {
    metrics.clear('binlog_up')
    metrics.clear('binlog_state')
    const status = binlog?.status() ?? null
    if (binlog === null || status === null) return
    metrics.gauge('binlog_up', {}).value = binlog.isReading() === true ? 1 : 0
    for (const [each, state] of Object.entries(binlogLabels))
      metrics.gauge('binlog_state', { state }).value = each === status.state ? 1 : 0
    metrics.counter('binlog_drops_total', {}).value = binlog.dropped()
  })

/** Sets the gauges of what waits and runs, just before they are read. */
export const scrapeShadows = (
  metrics: Metrics,
  {
    budget,
    running,
    isPaused,
  }: { budget: ShadowBudget; running: () => number; isPaused: () => boolean },
): void =>
  metrics.onScrape(() => {
    metrics.gauge('shadow_queue', {}).value = budget.waiting
    metrics.gauge('shadow_memory_bytes', {}).value = budget.bytes
    metrics.gauge('shadow_busy', {}).value = running()
    metrics.gauge('shadow_paused', {}).value = isPaused() ? 1 : 0
  })
