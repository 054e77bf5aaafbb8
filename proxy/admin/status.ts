/** What a running proxy says of itself: read by the admin API, the probes and the metrics. */
import type { Config, Route } from '../config/config.ts'
import type { ReloadResult } from '../config/reload.ts'
import type { Kill } from '../cutover/kill.ts'
import type { RouteVerdicts } from '../cutover/route-verdicts.ts'
import type { CertificateStatus } from '../edge/certificates.ts'
import { type Conditions, choose, type DecisionReason } from '../routing/choose.ts'
import type { Findings } from '../shadow/findings.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import type { RouteWrites } from '../shadow/writes/write-notes.ts'
import type { Target } from '../stage.ts'
import type { StoreStatus } from '../store/store.ts'
import type { LanesStatus } from '../targets/lanes/lanes.ts'
import type { Board, RouteTraffic } from '../telemetry/board.ts'

/** Loading until the first snapshot serves; draining from the first SIGTERM on. */
export type ProcessState = 'loading' | 'ready' | 'draining'

export interface ProcessStatus {
  readonly state: ProcessState
  readonly version: string
  readonly node: string
  readonly pid: number
  /** ISO 8601, as every time here. */
  readonly startedAt: string
  readonly uptimeMs: number
  readonly listeners: readonly ListenerStatus[]
  /** Build of the handlers module; null: none is loaded. */
  readonly handlersBuild: string | null
  /** Of the public listener; absent or empty: it has none. */
  readonly certificates?: readonly CertificateStatus[]
  readonly requestsInFlight: number
  readonly tunnelsInFlight: number
  /** Pools of lanes, of the primary and of shadows. */
  readonly lanes?: readonly LanesStatus[]
}

export interface ListenerStatus {
  readonly name: 'listen' | 'admin' | 'probes'
  readonly host: string
  readonly port: number
}

export type BreakerState = 'closed' | 'open' | 'halfOpen'

export interface BreakerStatus {
  /** A modern target's breaker belongs to one route; an upstream's to none. */
  readonly route: string | null
  /** Name of the upstream, or `handlers`. */
  readonly upstream: string
  /** Origin, for the breaker of one address; else null. */
  readonly address: string | null
  readonly state: BreakerState
  readonly since: string | null
}

export interface AddressStatus {
  readonly url: string
  /** False: passed over while another one is well. Null: nobody asks. */
  readonly healthy: boolean | null
  /** Requests that it holds. */
  readonly inFlight?: number
}

export interface UpstreamStatus {
  /** `handlers` is one too. */
  readonly name: string
  readonly addresses: readonly AddressStatus[]
  readonly inFlight: number
  /** Requests that wait for a connection or a place. */
  readonly pending: number
}

/** A kill as the admin API shows it. */
export interface KillStatus {
  readonly scope: string
  readonly reason: string
  readonly since: string
  readonly until: string
}

/** What became of the readings of the config file. */
export interface ReloadStatus {
  /** Absolute path; null: the config did not come from a file. */
  readonly file: string | null
  readonly appliedAt: string
  /** Present while the file as it stands is not the config in force. */
  readonly rejected: RejectedConfig | null
  /** Process keys that changed in the file and wait for a restart. */
  readonly needsRestart?: readonly string[]
  /** How the readings since the start ended. */
  readonly counts?: Readonly<Record<ReloadResult, number>>
}

export interface RejectedConfig {
  readonly at: string
  /** As `check --json` prints them. */
  readonly diagnostics: readonly unknown[]
}

/** Who answers the requests of a route at this moment, and why. */
export interface Effective {
  /** `split`: modern for the route's weight of callers, legacy for the others. */
  readonly primary: Target | 'split'
  readonly fallback: Target | null
  readonly reason: DecisionReason
  /** One sentence for people. */
  readonly why: string
}

export interface RouteStatus {
  readonly id: string
  readonly match: Route['match']
  readonly stage: Route['stage']
  readonly weightBp: number
  readonly sampleBp: number
  readonly effects: Route['effects']
  readonly cohort: string
  readonly legacy: string | null
  readonly modern: string | null
  readonly effective: Effective
  readonly breakers: readonly BreakerStatus[]
  readonly traffic: RouteTraffic
  /** What comparisons have shown so far; null: the route is not shadowed. */
  readonly evidence: RouteVerdicts | null
  /** Why what its shadows write cannot be told; null or absent: it can, as far as is known. */
  readonly untold?: RouteWrites | null
  readonly examples: readonly string[]
  readonly tags: readonly string[]
}

export interface ProxyStatus {
  process(): ProcessStatus
  /** The config in force. */
  config(): Config
  reloads(): ReloadStatus
  routes(): readonly RouteStatus[]
  /** Null: there is no such route. */
  route(id: string): RouteStatus | null
  upstreams(): readonly UpstreamStatus[]
  breakers(): readonly BreakerStatus[]
  kills(): readonly Kill[]
  /** Null: the config says that there is none. */
  store(): StoreStatus | null
  /** Null: nobody wants to read one. */
  binlog(): BinlogStatus | null
  /** What is known of comparisons. */
  readonly findings: Findings
}

/** Where a status comes from; each is asked anew every time. */
export interface StatusSources
  extends Pick<
    ProxyStatus,
    'process' | 'config' | 'reloads' | 'upstreams' | 'breakers' | 'kills' | 'store' | 'findings'
  > {
  readonly conditions: () => Conditions
  readonly board: Board
  /** How the binary log of legacy is read; absent: nobody wants to. */
  readonly binlog?: ProxyStatus['binlog']
  /** Why what the shadows of a route write cannot be told; absent: nobody knows. */
  readonly untold?: (route: string) => RouteWrites | null
}

const percent = (bp: number): string => `${bp / 100}%`

const sentences: Readonly<Record<DecisionReason, (route: Route) => string>> = {
  kill: () => 'A kill is in force: everything goes to legacy until it ends or is removed.',
  forced: () => 'The request named its target.',
  breaker: (route) => `The breaker of ${route.modern ?? 'modern'} is open for this route.`,
  health: (route) => `No address of ${route.modern ?? 'modern'} is well.`,
  weight: (route) =>
    `The route is at canary: modern answers ${percent(route.weightBp)} of callers, legacy the rest.`,
  stage: (route) => `The route is at ${route.stage}.`,
}

const nobody = { id: 'status', headers: [] }

/** The decision for a request that nobody forces, without a caller: the code that decides decides here too. */
export const effectiveOf = (route: Route, conditions: Conditions): Effective => {
  const splits = route.stage === 'canary' && route.modern !== null
  const asked: Route = splits ? { ...route, stage: 'modern' } : route
  const { primary, fallback, reason } = choose(nobody, asked, conditions, null)
  const isSplit = splits && primary === 'modern'
  const because = splits && reason === 'stage' ? 'weight' : reason
  const why = sentences[because](route)
  return { primary: isSplit ? 'split' : primary, fallback, reason: because, why }
}

/** The status of a proxy, put together from its parts. */
export const createStatus = (sources: StatusSources): ProxyStatus => {
  const { config, conditions, breakers, board } = sources
  const describe = (route: Route, all: readonly BreakerStatus[]): RouteStatus => ({
    id: route.id,
    match: route.match,
    stage: route.stage,
    weightBp: route.weightBp,
    sampleBp: route.sampleBp,
    effects: route.effects,
    cohort: route.cohort,
    legacy: route.legacy,
    modern: route.modern,
    effective: effectiveOf(route, conditions()),
    breakers: all.filter((each) => each.route === route.id),
    traffic: board.read(route.id),
    evidence: sources.findings.verdicts(route.id),
    untold: sources.untold?.(route.id) ?? null,
    examples: route.examples,
    tags: route.tags,
  })
  return {
    process: sources.process,
    config,
    reloads: sources.reloads,
    upstreams: sources.upstreams,
    breakers,
    kills: sources.kills,
    store: sources.store,
    binlog: sources.binlog ?? (() => null),
    findings: sources.findings,
    routes() {
      const all = breakers()
      const withBreaker = new Set(all.map(({ route }) => route))
      return config().routes.map((route) => describe(route, withBreaker.has(route.id) ? all : []))
    },
    route(id) {
      const route = config().routes.find((each) => each.id === id)
      return route === undefined ? null : describe(route, breakers())
    },
  }
}
