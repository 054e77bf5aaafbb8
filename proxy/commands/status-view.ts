/** The status of a running proxy as text. Pure: the same reply, the same lines. */
import type {
  AddressStatus,
  BreakerState,
  ProcessStatus,
  RouteStatus,
  UpstreamStatus,
} from '../admin/status.ts'
import { printable } from '../config/render-diagnostics.ts'
import { formatShare } from '../config/units.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import type { StoreStatus } from '../store/store.ts'
import type { LatencySummary } from '../telemetry/latency-window.ts'
import type { WorkerStatus } from '../workers/crew.ts'
import { binlogLines } from './binlog-view.ts'
import { type Color, type Column, facts, type Paint, table } from './text.ts'
import { verdictFacts } from './verdicts-view.ts'
import { writesFacts } from './writes-view.ts'

/** What `GET /v1/routes` answers. */
export interface RoutesReply {
  readonly revision: string
  readonly routes: readonly RouteStatus[]
  readonly upstreams: readonly UpstreamStatus[]
}

/** A kill as the admin API shows it; times are ISO 8601. */
export interface ShownKill {
  readonly scope: string
  readonly reason: string
  readonly since: string
  readonly until: string
}

/** What `GET /v1/status` answers once a config is loaded. */
export interface ProcessReply extends ProcessStatus {
  /** Absent where one process does it all. */
  readonly workers?: readonly WorkerStatus[]
  readonly revision: string
  readonly config: {
    readonly file: string | null
    readonly upToDate: boolean
    /** Process keys, such as `listen.port`, in which the file differs from what runs. */
    readonly needsRestart?: readonly string[]
  }
  readonly kills: readonly ShownKill[]
  /** Null: the config says that there is none. */
  readonly store?: StoreStatus | null
  /** Null or absent: nobody wants to read one. */
  readonly binlog?: BinlogStatus | null
}

/** `1d 2h`, `3m 20s`: the two largest units that are there. */
export const spanOf = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1_000))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return '0s'
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ')
}

const count = (value: number): string => value.toLocaleString('en-US')

const latency = ({ p50Ms, p99Ms }: LatencySummary): string =>
  p50Ms === null || p99Ms === null ? '-' : `${p50Ms}/${p99Ms}`

/** The worst one: a route has a breaker for its modern target, an upstream one for each address. */
const breakerOf = ({ breakers }: RouteStatus): BreakerState | '-' => {
  const states = breakers.map(({ state }) => state)
  if (states.length === 0) return '-'
  return (['open', 'halfOpen'] as const).find((state) => states.includes(state)) ?? 'closed'
}

const breakerColors: Readonly<Record<BreakerState | '-', Color | null>> = {
  open: 'red',
  halfOpen: 'yellow',
  closed: null,
  '-': null,
}

const stageOf = ({ stage, weightBp }: RouteStatus): string =>
  stage === 'canary' ? `${stage} ${formatShare(weightBp)}` : stage

const nowOf = ({ effective: { primary, reason } }: RouteStatus): string => {
  const isPlain = reason === 'stage' || reason === 'weight'
  return isPlain ? primary : `${primary} (${reason})`
}

const columns: readonly Column<RouteStatus>[] = [
  { title: 'ROUTE', read: ({ id }) => id },
  { title: 'STAGE', read: stageOf, color: () => 'cyan' },
  {
    title: 'ANSWERS NOW',
    read: nowOf,
    color: (route) => (nowOf(route).includes('(') ? 'yellow' : null),
  },
  { title: 'LEGACY', read: ({ traffic }) => count(traffic.requests.legacy), align: 'right' },
  { title: 'MODERN', read: ({ traffic }) => count(traffic.requests.modern), align: 'right' },
  {
    title: 'FAILED',
    read: ({ traffic }) => count(traffic.failed),
    align: 'right',
    color: ({ traffic }) => (traffic.failed > 0 ? 'red' : null),
  },
  { title: 'FALLBACKS', read: ({ traffic }) => count(traffic.fallbacks), align: 'right' },
  { title: 'LEGACY MS', read: ({ traffic }) => latency(traffic.latency.legacy), align: 'right' },
  { title: 'MODERN MS', read: ({ traffic }) => latency(traffic.latency.modern), align: 'right' },
  { title: 'BREAKER', read: breakerOf, color: (route) => breakerColors[breakerOf(route)] },
]

/** The table of routes; latencies are median and 99th percentile of the last minute. */
export const routesView = (routes: readonly RouteStatus[], paint: Paint): string =>
  table(columns, routes, paint)

/** One address, with the name of its upstream. */
interface AddressLine extends AddressStatus {
  readonly upstream: string
}

const healthOf = ({ healthy }: AddressStatus): string => {
  if (healthy === null) return '-'
  return healthy ? 'well' : 'not well'
}

const addressColumns: readonly Column<AddressLine>[] = [
  { title: 'UPSTREAM', read: ({ upstream }) => upstream },
  { title: 'ADDRESS', read: ({ url }) => url },
  {
    title: 'HEALTH',
    read: healthOf,
    color: ({ healthy }) => (healthy === false ? 'red' : null),
  },
  { title: 'IN FLIGHT', read: ({ inFlight = 0 }) => count(inFlight), align: 'right' },
]

/** The addresses of upstreams that have several, or whose health somebody asks; else nothing. */
export const addressesView = (upstreams: readonly UpstreamStatus[], paint: Paint): string => {
  const lines = upstreams
    .filter(
      ({ addresses }) => addresses.length > 1 || addresses.some((one) => one.healthy !== null),
    )
    .flatMap(({ name, addresses }) => addresses.map((each) => ({ upstream: name, ...each })))
  return lines.length === 0 ? '' : `\n${table(addressColumns, lines, paint)}`
}

const storeLines = (store: StoreStatus | null): readonly string[] => {
  if (store === null) return []
  const { url, problem, dropped } = store
  const lost = dropped === 0 ? '' : `; ${count(dropped)} writes are lost`
  if (problem !== null) return [`the store ${url} is away: ${problem}${lost}`]
  return dropped === 0 ? [] : [`the store ${url} was too slow or away${lost}`]
}

/** One line for each pool of lanes that has been used. */
const lanesLines = ({ lanes = [] }: ProcessReply): readonly string[] =>
  lanes
    .filter(({ running, restarts }) => running + restarts > 0)
    .map(
      ({ role, running, busy, waiting, restarts }) =>
        `${role} lanes: ${running} running, ${busy} busy, ${waiting} waiting, ${restarts} restarts\n`,
    )

/** One line for each worker. */
const workerLines = ({ workers = [] }: ProcessReply, nowMs: number): readonly string[] =>
  workers.map(({ pid, state, since, restarts }) => {
    const span = spanOf(nowMs - Date.parse(since))
    return `${printable(`worker ${pid}  ${state}  for ${span}  ${restarts} restarts`)}\n`
  })

/** What the file on disk says and this process does not do. */
const fileLines = ({ upToDate, needsRestart = [] }: ProcessReply['config']): readonly string[] => [
  ...(upToDate ? [] : ['the file on disk was rejected and is not in force: banyan check']),
  ...(needsRestart.length === 0
    ? []
    : [`the file on disk has changed ${needsRestart.join(', ')}: in force after a restart`]),
]

/** One line for the process, and one for each thing that somebody should know. */
export const processView = (process: ProcessReply, nowMs: number, paint: Paint): string => {
  const { state, version, revision, uptimeMs, requestsInFlight, tunnelsInFlight } = process
  const flight = `${count(requestsInFlight)} requests, ${count(tunnelsInFlight)} tunnels in flight`
  const head = `banyan ${version}  ${state}  revision ${revision}  up ${spanOf(uptimeMs)}  ${flight}`
  const kills = process.kills.map(
    ({ scope, until, reason }) =>
      `killed ${scope} for ${spanOf(Date.parse(until) - nowMs)} more: ${reason}`,
  )
  const lanes = (process.lanes ?? []).flatMap(({ role, problem }) =>
    problem === null ? [] : [`${role} lanes cannot be started: ${problem}`],
  )
  const file = fileLines(process.config)
  return [
    `${printable(head)}\n`,
    ...workerLines(process, nowMs),
    ...lanesLines(process),
    ...binlogLines(process.binlog ?? null, nowMs, { paint, spanOf }),
    ...[...kills, ...lanes, ...file, ...storeLines(process.store ?? null)].map(
      (text) => `${paint('red', printable(text))}\n`,
    ),
  ].join('')
}

const list = (values: readonly string[]): string => (values.length === 0 ? '-' : values.join(' '))

/** Everything about one route. */
export const routeView = (route: RouteStatus, paint: Paint): string => {
  const { match, effective, traffic } = route
  const { legacy, modern } = traffic.requests
  return `${paint('bold', printable(route.id))}\n${facts(
    [
      ['match', `${match.methods.join(',') || 'any'} ${match.host ?? ''}${match.path}`],
      ['stage', stageOf(route)],
      ['answers now', `${nowOf(route)}, fallback ${effective.fallback ?? 'none'}`],
      ['why', effective.why],
      ['legacy', `${route.legacy ?? '-'}: ${count(legacy)} requests`],
      ['modern', `${route.modern ?? '-'}: ${count(modern)} requests`],
      ['failed', `${count(traffic.failed)}, fallbacks ${count(traffic.fallbacks)}`],
      ['legacy p50/p99', `${latency(traffic.latency.legacy)} ms in the last minute`],
      ['modern p50/p99', `${latency(traffic.latency.modern)} ms in the last minute`],
      ['effects', route.effects ?? 'not declared'],
      ...(route.evidence == null ? [] : verdictFacts(route.evidence)),
      ...writesFacts(route.untold ?? null),
      ['breaker', breakerOf(route)],
      ['examples', list(route.examples)],
      ['tags', list(route.tags)],
    ],
    paint,
  )}`
}
