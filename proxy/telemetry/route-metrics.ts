/** The series of one route, found by small integers and kept: a request pays additions, no lookups of text. */
import type { Route } from '../config/config.ts'
import type { FallbackCause } from '../errors.ts'
import { type DecisionReason, decisionReasons } from '../routing/choose.ts'
import { plans, type Stage, stages, type Target } from '../stage.ts'
import { type GaugeName, knownMethods } from './catalogue.ts'
import type { Metrics } from './metrics.ts'
import type { Cell, HistogramCell } from './series.ts'

export interface RouteMetrics {
  requests(seen: RequestKind): Cell
  duration(target: Target | 'banyan'): HistogramCell
  upstreamDuration(upstream: string): HistogramCell
  fallbacks(cause: string): Cell
  diversions(reason: string): Cell
  readonly requestBytes: () => Cell
  readonly responseBytes: () => Cell
}

export interface RequestKind {
  readonly method: string
  readonly status: number
  readonly target: Target | 'banyan'
  readonly reason: DecisionReason
}

const targets = ['legacy', 'modern', 'banyan'] as const
const indexOf = <T extends string>(values: readonly T[]): ReadonlyMap<string, number> =>
  new Map(values.map((value, index) => [value, index]))

const methodIndex = indexOf(knownMethods)
const targetIndex = indexOf(targets)
const reasonIndex = indexOf(decisionReasons)
const otherMethod = knownMethods.indexOf('other')
const classCount = 6

/** Class 0 is a status that no class has; it is counted, never hidden. */
const classOf = (status: number): number =>
  status >= 100 && status < 600 ? Math.floor(status / 100) : 0
const className = (status: number): string => {
  const index = classOf(status)
  return index === 0 ? 'other' : `${index}xx`
}

const keyOf = ({ method, status, target, reason }: RequestKind): number => {
  const methodPart = methodIndex.get(method) ?? otherMethod
  const withClass = methodPart * classCount + classOf(status)
  const withTarget = withClass * targets.length + (targetIndex.get(target) ?? 0)
  return withTarget * decisionReasons.length + (reasonIndex.get(reason) ?? 0)
}

/** Makes a value on its first use only: a series that never counts should not be exposed. */
const remember = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const held = new Map<K, V>()
  return (key) => {
    const known = held.get(key)
    if (known !== undefined) return known
    const made = make(key)
    held.set(key, made)
    return made
  }
}

export const createRouteMetrics = (metrics: Metrics, route: string): RouteMetrics => {
  const requests = new Map<number, Cell>()
  const bytesIn = remember((_: 'in') => metrics.counter('request_bytes_total', { route }))
  const bytesOut = remember((_: 'out') => metrics.counter('response_bytes_total', { route }))
  return {
    requests(seen) {
      const key = keyOf(seen)
      const known = requests.get(key)
      if (known !== undefined) return known
      const cell = metrics.counter('requests_total', {
        route,
        method: methodIndex.has(seen.method) ? seen.method : 'other',
        status_class: className(seen.status),
        target: seen.target,
        reason: seen.reason,
      })
      requests.set(key, cell)
      return cell
    },
    duration: remember((target) =>
      metrics.histogram('request_duration_seconds', { route, target }),
    ),
    upstreamDuration: remember((upstream) =>
      metrics.histogram('upstream_duration_seconds', { route, upstream }),
    ),
    fallbacks: remember((cause) => metrics.counter('fallbacks_total', { route, cause })),
    diversions: remember((reason) =>
      metrics.counter('breaker_diversions_total', { route, reason }),
    ),
    requestBytes: () => bytesIn('in'),
    responseBytes: () => bytesOut('out'),
  }
}

const primariesOf = (stage: Stage): readonly Target[] => {
  const { primary } = plans[stage]
  return primary === 'split' ? ['legacy', 'modern'] : [primary]
}

/**
 * Exposes at zero what alerts ask of this route: `increase` does not see the first event of a series
 * that was not there before.
 */
export const exposeZeroes = (series: RouteMetrics, route: Route): void => {
  const { primary, fallback } = plans[route.stage]
  const reason = primary === 'split' ? 'weight' : 'stage'
  const methods = route.match.methods.filter((method) => method !== 'HEAD')
  for (const method of methods.length === 0 ? ['GET', 'POST'] : methods) {
    for (const target of [...primariesOf(route.stage), 'banyan' as const]) {
      series.requests({ method, status: 500, target, reason })
    }
  }
  if (fallback === null) return
  for (const cause of route.fallbackOn satisfies readonly FallbackCause[]) series.fallbacks(cause)
  series.diversions('breaker')
}

/** Sets the gauges that say at which stage a route is. */
export const exposeStage = (metrics: Metrics, { id: route, stage, weightBp }: Route): void => {
  for (const each of stages) {
    metrics.gauge('route_stage', { route, stage: each }).value = each === stage ? 1 : 0
  }
  const share: Readonly<Record<Target | 'split', number>> = {
    legacy: 0,
    modern: 1,
    split: weightBp / 10_000,
  }
  const name: GaugeName = 'route_weight_ratio'
  metrics.gauge(name, { route }).value = share[plans[stage].primary]
}
