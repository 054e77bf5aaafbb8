/** What lives as long as the process: everything that a reload does not make anew. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import * as builtIn from './config/built-in.ts'
import type { Config, HandlersConfig, UpstreamConfig } from './config/config.ts'
import { createKills, type Kills } from './cutover/kills.ts'
import { createEventStreams, type EventStreams } from './edge/event-streams.ts'
import { createReceive, type Receive } from './edge/receive.ts'
import { createRequestIds } from './edge/request-id.ts'
import {
  type ClientLimit,
  clientLimits,
  createSlowClients,
  type SlowClients,
} from './edge/slow-clients.ts'
import type { Tell } from './shadow/finding.ts'
import { createShadowParts, type ShadowParts } from './shadow/shadow-parts.ts'
import { type BreakerKeep, createBreakerKeep, createMakeBreaker } from './targets/breakers.ts'
import { createFallbackBudget, type FallbackBudget } from './targets/fallback-budget.ts'
import { viaToken } from './targets/forwarded.ts'
import { createKeep, type Keep } from './targets/keep.ts'
import { createLanes, type Lanes } from './targets/lanes/lanes.ts'
import { createSpawner, type Spawner } from './targets/lanes/spawner.ts'
import { createTunnel } from './targets/tunnel.ts'
import { createTunnels, type Tunnels } from './targets/tunnels.ts'
import { createUpstream, type Upstream, type UpstreamIo } from './targets/upstream.ts'
import { createUpstreamEvents } from './targets/upstream-telemetry.ts'
import { createWatch } from './targets/watch.ts'
import { type Board, createBoard } from './telemetry/board.ts'
import { createCountLanes, scrapeLanes } from './telemetry/lane-metrics.ts'
import type { Log } from './telemetry/log.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { createSnapshotMetrics, type SnapshotMetrics } from './telemetry/snapshot-metrics.ts'

/** The world of a proxy; what is left out is the real one. */
export interface ProxyIo {
  readonly log: Log
  /** Monotonic milliseconds. */
  readonly now?: () => number
  /** 0 <= n < 1. */
  readonly random?: () => number
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Node's own metrics (process_…, nodejs_…) as well; default true. */
  readonly nodeMetrics?: boolean
  /** Hears what each sampled request comes to. */
  readonly tell?: Tell
  /** Absent: this process keeps its own in the state directory. */
  readonly kills?: Kills
  /** Whether all requests come through this process; default true. */
  readonly isOnlyProcess?: boolean
}

export interface StandingParts {
  readonly log: Log
  readonly now: () => number
  readonly random: () => number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly newId: () => string
  readonly receive: Receive
  readonly metrics: Metrics
  readonly snapshotMetrics: SnapshotMetrics
  readonly board: Board
  readonly kills: Kills
  readonly upstreams: Keep<UpstreamConfig, Upstream>
  readonly tunnels: Tunnels
  readonly streams: EventStreams
  readonly slow: SlowClients
  /** Counts what a limit of `listen.limits` has cost its answer. */
  readonly onLimit: (limit: ClientLimit) => void
  readonly breakers: BreakerKeep
  /** By route. */
  readonly fallbackBudgets: Keep<null, FallbackBudget>
  readonly shadow: ShadowParts
  /** In which handlers answer clients away from the edge. */
  readonly lanes: Lanes
  /** Starts lanes that are processes. */
  readonly spawner: Spawner
}

/** How late it may be noticed that a client is too slow. */
const lookMs = 1_000

interface EdgeIo extends Pick<StandingParts, 'now' | 'newId' | 'metrics'> {
  readonly pseudonym: string
}

type EdgeParts = Pick<StandingParts, 'receive' | 'streams' | 'slow' | 'onLimit'>

const createEdgeParts = ({ listen }: Config, { metrics, ...io }: EdgeIo): EdgeParts => {
  const { trustedProxies, limits } = listen
  const { now } = io
  for (const limit of clientLimits) metrics.counter('limit_hits_total', { limit })
  const onLimit = (limit: ClientLimit): void => {
    metrics.counter('limit_hits_total', { limit }).value += 1
  }
  const slow = createSlowClients({ limits, watch: createWatch(lookMs, now), now, onLimit })
  const { headerCount } = limits
  const receive = createReceive({ trustedProxies, headerCount, slow, ...io })
  return { receive, streams: createEventStreams(), slow, onLimit }
}

const createPrimaryLanes = (
  config: HandlersConfig,
  { log, metrics, spawner }: Pick<StandingParts, 'log' | 'metrics' | 'spawner'>,
): Lanes => {
  const { lanes, isolation, queue, queueTimeoutMs, memoryBytes } = {
    ...builtIn.handlers,
    ...config,
  }
  const onEvent = createCountLanes(metrics)
  const role = 'primary'
  const limits = { lanes, isolation, queue, queueTimeoutMs, memoryBytes }
  return createLanes({ config, role, ...limits, spawner, log, onEvent })
}

export const createStandingParts = (config: Config, io: ProxyIo): StandingParts => {
  const { log, now = () => performance.now(), random = Math.random, env = process.env } = io
  const pseudonym = viaToken(randomBytes(6).toString('hex'))
  const newId = createRequestIds()
  const metrics = createMetrics({ log, now, node: io.nodeMetrics ?? true })
  const board = createBoard(now)
  const makeBreaker = createMakeBreaker({ log, metrics, now, random })
  const upstreamIo: UpstreamIo = {
    pseudonym,
    now,
    random,
    events: createUpstreamEvents(log, metrics),
    breakerOf: ({ name, breaker }, address) =>
      makeBreaker({ config: breaker, route: null, upstream: name, address }),
  }
  const upstreams = createKeep((upstream: UpstreamConfig) => createUpstream(upstream, upstreamIo))
  const file = join(config.stateDir, 'kills.json')
  const kills = io.kills ?? createKills({ file, now: Date.now, log })
  const spawner = createSpawner()
  const shadowIo = {
    pseudonym,
    now,
    random,
    log,
    metrics,
    spawner,
    isKilled: kills.shadowsKilled,
    tells: io.tell === undefined ? [] : [io.tell],
    isOnlyProcess: io.isOnlyProcess ?? true,
  }
  const lanes = createPrimaryLanes(config.handlers, { log, metrics, spawner })
  const shadow = createShadowParts(config, shadowIo)
  scrapeLanes(metrics, [lanes, shadow.lanes, shadow.writeLanes])
  return {
    log,
    now,
    random,
    env,
    newId,
    ...createEdgeParts(config, { metrics, pseudonym, now, newId }),
    metrics,
    board,
    snapshotMetrics: createSnapshotMetrics(metrics, now, board.drop),
    kills,
    upstreams,
    tunnels: createTunnels((config) => {
      const choose = upstreams.current().get(config.name)?.choose
      return createTunnel(config, { pseudonym, now, ...(choose === undefined ? {} : { choose }) })
    }),
    breakers: createBreakerKeep(makeBreaker),
    fallbackBudgets: createKeep(() => createFallbackBudget(now)),
    shadow,
    lanes,
    spawner,
  }
}
