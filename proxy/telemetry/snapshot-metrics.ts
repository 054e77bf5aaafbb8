/** Keeps the series of the routes in step with the config: made before the first request, gone an hour after the route. */
import type { Config, Route } from '../config/config.ts'
import type { Metrics } from './metrics.ts'
import {
  createRouteMetrics,
  exposeStage,
  exposeZeroes,
  type RouteMetrics,
} from './route-metrics.ts'

export interface SnapshotMetrics {
  /** Takes over a config that comes into force: resolves its routes, dates those that left. */
  use(config: Config): void
  /** The series of one route; the same object until the route has been gone for an hour. */
  route(id: string): RouteMetrics
}

/** Long enough for every scraper to have seen the last value. */
const keepGoneMs = 3_600_000
/** Ids of requests that belong to no route of the config. */
const ownRoutes = ['_unmatched', '_refused'] as const

const sameGauges = (a: Route | undefined, b: Route): boolean =>
  a !== undefined &&
  a.stage === b.stage &&
  a.weightBp === b.weightBp &&
  a.match.methods.length === b.match.methods.length

/**
 * @param now monotonic milliseconds
 * @param onGone called with the routes whose series were dropped
 */
export const createSnapshotMetrics = (
  metrics: Metrics,
  now: () => number,
  onGone: (routes: ReadonlySet<string>) => void = () => {},
): SnapshotMetrics => {
  const resolved = new Map<string, RouteMetrics>()
  const goneAt = new Map<string, number>()
  let routes: ReadonlyMap<string, Route> = new Map()

  const route = (id: string): RouteMetrics => {
    const known = resolved.get(id)
    if (known !== undefined) return known
    const made = createRouteMetrics(metrics, id)
    resolved.set(id, made)
    return made
  }
  const dropGone = (): void => {
    const oldest = now() - keepGoneMs
    const ids = new Set([...goneAt].filter(([, at]) => at <= oldest).map(([id]) => id))
    if (ids.size === 0) return
    metrics.drop(ids)
    for (const id of ids) {
      goneAt.delete(id)
      resolved.delete(id)
    }
    onGone(ids)
  }
  for (const id of ownRoutes) route(id)
  metrics.onScrape(dropGone)

  return {
    route,
    use(config) {
      const next = new Map(config.routes.map((each) => [each.id, each]))
      for (const id of routes.keys()) if (!next.has(id)) goneAt.set(id, now())
      for (const each of config.routes) {
        goneAt.delete(each.id)
        if (sameGauges(routes.get(each.id), each)) continue
        exposeZeroes(route(each.id), each)
        exposeStage(metrics, each)
      }
      routes = next
      metrics.clear('config_info')
      metrics.gauge('config_info', { revision: config.revision }).value = 1
    },
  }
}
