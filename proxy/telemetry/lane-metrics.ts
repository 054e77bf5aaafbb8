/** What lanes are to metrics. */
import type { LaneEvent, Lanes } from '../targets/lanes/lanes.ts'
import type { Metrics } from './metrics.ts'

/** Counts the lanes that end. */
export const createCountLanes =
  (metrics: Metrics): ((event: LaneEvent) => void) =>
  ({ role, cause }) => {
    metrics.counter('lane_restarts_total', { role, cause }).value += 1
  }

/** Sets the gauges of pools of lanes just before they are read. */
export const scrapeLanes = (metrics: Metrics, pools: readonly Lanes[]): void =>
  metrics.onScrape(() => {
    const all = pools.map(({ status }) => status())
    for (const { role } of all) metrics.gauge('lanes_busy', { role }).value = 0
    for (const { role, busy } of all) metrics.gauge('lanes_busy', { role }).value += busy
  })
