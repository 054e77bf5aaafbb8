/** What several workers say of themselves, as if one had said it. Pure. */
import type {
  BreakerState,
  BreakerStatus,
  ProcessStatus,
  RouteStatus,
  UpstreamStatus,
} from '../admin/status.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import { mergeWrites } from '../shadow/writes/write-notes.ts'
import type { RouteTraffic } from '../telemetry/board.ts'
import type { LatencySummary } from '../telemetry/latency-window.ts'

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0)

const most = (values: readonly (number | null)[]): number | null =>
  values.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null)

/** Quantiles cannot be put together: the slowest worker's stand for all. */
const latencyOf = (all: readonly LatencySummary[]): LatencySummary => ({
  count: sum(all.map(({ count }) => count)),
  p50Ms: most(all.map(({ p50Ms }) => p50Ms)),
  p99Ms: most(all.map(({ p99Ms }) => p99Ms)),
})

const trafficOf = (all: readonly RouteTraffic[]): RouteTraffic => ({
  requests: {
    legacy: sum(all.map(({ requests }) => requests.legacy)),
    modern: sum(all.map(({ requests }) => requests.modern)),
    banyan: sum(all.map(({ requests }) => requests.banyan)),
  },
  failed: sum(all.map(({ failed }) => failed)),
  fallbacks: sum(all.map(({ fallbacks }) => fallbacks)),
  latency: {
    legacy: latencyOf(all.map(({ latency }) => latency.legacy)),
    modern: latencyOf(all.map(({ latency }) => latency.modern)),
  },
})

/** Items of the same name in all lists, in the order in which they come first. */
const grouped = <Item>(
  lists: readonly (readonly Item[])[],
  nameOf: (item: Item) => string,
): readonly (readonly [Item, ...Item[]])[] => {
  const byName = new Map<string, [Item, ...Item[]]>()
  for (const item of lists.flat()) {
    const known = byName.get(nameOf(item))
    if (known === undefined) byName.set(nameOf(item), [item])
    else known.push(item)
  }
  return [...byName.values()]
}

const openness: Readonly<Record<BreakerState, number>> = { closed: 0, halfOpen: 1, open: 2 }

/** Each worker has breakers of its own: the most open one is told. */
export const mergeBreakers = (
  lists: readonly (readonly BreakerStatus[])[],
): readonly BreakerStatus[] =>
  grouped(lists, ({ route, upstream, address }) => JSON.stringify([route, upstream, address])).map(
    (each) => each.reduce((a, b) => (openness[b.state] > openness[a.state] ? b : a)),
  )

export const mergeUpstreams = (
  lists: readonly (readonly UpstreamStatus[])[],
): readonly UpstreamStatus[] =>
  grouped(lists, ({ name }) => name).map((each) => ({
    name: each[0].name,
    addresses: grouped(
      each.map(({ addresses }) => addresses),
      ({ url }) => url,
    ).map((same) => ({
      ...(same.find(({ healthy }) => healthy === false) ?? same[0]),
      inFlight: sum(same.map(({ inFlight = 0 }) => inFlight)),
    })),
    inFlight: sum(each.map(({ inFlight }) => inFlight)),
    pending: sum(each.map(({ pending }) => pending)),
  }))

/** A worker in which a breaker or a probe diverts the route speaks for all. */
const mergeRoute = (all: readonly [RouteStatus, ...RouteStatus[]]): RouteStatus => {
  const isDiverted = ({ effective: { reason } }: RouteStatus): boolean =>
    reason === 'breaker' || reason === 'health'
  const { effective } = all.find(isDiverted) ?? all[0]
  const evidence = all
    .map((each) => each.evidence)
    .reduce((a, b) => ((b?.trials ?? -1) > (a?.trials ?? -1) ? b : a))
  return {
    ...all[0],
    effective,
    evidence,
    untold: mergeWrites(all.map(({ untold = null }) => untold)),
    breakers: mergeBreakers(all.map(({ breakers }) => breakers)),
    traffic: trafficOf(all.map(({ traffic }) => traffic)),
  }
}

export const mergeRoutes = (lists: readonly (readonly RouteStatus[])[]): readonly RouteStatus[] =>
  grouped(lists, ({ id }) => id).map(mergeRoute)

const unreadness: Readonly<Record<BinlogStatus['state'], number>> = {
  following: 0,
  starting: 1,
  catchingUp: 2,
  failed: 3,
}

/** Each worker reads it by itself: the one that is worst off is told. */
export const mergeBinlogs = (all: readonly (BinlogStatus | null)[]): BinlogStatus | null =>
  all.reduce((a, b) => {
    if (a === null || b === null) return a ?? b
    return unreadness[b.state] > unreadness[a.state] ? b : a
  }, null)

/** Counts of all workers, and the lanes of each. */
export const mergeCounts = (
  all: readonly ProcessStatus[],
): Pick<ProcessStatus, 'requestsInFlight' | 'tunnelsInFlight' | 'lanes'> => ({
  requestsInFlight: sum(all.map(({ requestsInFlight }) => requestsInFlight)),
  tunnelsInFlight: sum(all.map(({ tunnelsInFlight }) => tunnelsInFlight)),
  lanes: all.flatMap(({ lanes = [] }) => lanes),
})
