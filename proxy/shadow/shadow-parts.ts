/** Everything of the shadows that lives as long as the process. */
import { join } from 'node:path'
import * as builtIn from '../config/built-in.ts'
import type { Config, Route, UpstreamConfig } from '../config/config.ts'
import { createProcessRecorder } from '../recording/process-recorder.ts'
import type { Recorder } from '../recording/recorder.ts'
import type { Store } from '../store/store.ts'
import { createKeep, type Keep } from '../targets/keep.ts'
import { sweepScratch } from '../targets/lanes/lane-scratch.ts'
import { createLanes, type Lanes } from '../targets/lanes/lanes.ts'
import type { Spawner } from '../targets/lanes/spawner.ts'
import { createUpstream, type Upstream, type UpstreamIo } from '../targets/upstream.ts'
import { createCountLanes } from '../telemetry/lane-metrics.ts'
import type { Log } from '../telemetry/log.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { createBeginCounts, createTellMetrics, scrapeShadows } from '../telemetry/shadow-metrics.ts'
import { createShadowBudget } from './budget.ts'
import { createComparer } from './comparer.ts'
import type { EvidenceBook } from './evidence-book.ts'
import type { ExemplarKeep } from './exemplar-keep.ts'
import type { Tell } from './finding.ts'
import type { FleetEvidence } from './fleet-evidence.ts'
import { createPressure } from './pressure.ts'
import { createRedact } from './redact.ts'
import { openRedactKey } from './redact-key.ts'
import { createSampler } from './sampler.ts'
import { createRecords } from './shadow-records.ts'
import { createShadows, type Grace, type Shadows } from './shadows.ts'
import type { ShedReason } from './shed.ts'
import { createShownNoise } from './shown-noise.ts'
import { createTurns } from './turns.ts'
import type { Uses } from './uses.ts'
import { type BinlogParts, createBinlogParts } from './writes/binlog/binlog-parts.ts'
import { laneDatabaseOf } from './writes/lane-database-of.ts'
import { createWriteParts, type WriteParts } from './writes/write-parts.ts'

export interface ShadowPartsIo extends Pick<UpstreamIo, 'pseudonym' | 'now'> {
  /** 0 <= n < 1. */
  readonly random: () => number
  readonly log: Log
  readonly metrics: Metrics
  /** Starts lanes that are processes. */
  readonly spawner: Spawner
  /** Whether all requests come through this process; default true. */
  readonly isOnlyProcess?: boolean
  /** Whether somebody has switched the shadows off. */
  readonly isKilled: () => boolean
  /** Who hears of outcomes besides the metrics. */
  readonly tells?: readonly Tell[]
}

export interface ShadowParts extends WriteParts, BinlogParts {
  readonly shadows: Shadows
  readonly limits: NonNullable<Config['shadow']>
  readonly lanes: Lanes
  /** Those of handlers whose routes write. */
  readonly writeLanes: Lanes
  /** Records what clients ask and get while somebody listens. */
  readonly recorder: Recorder
  /** Begins the metrics of routes that are shadowed. */
  beginCounts(routes: Iterable<Pick<Route, 'id' | 'stage'>>): void
  /** What was counted in this process. */
  readonly book: EvidenceBook
  /** What was counted everywhere. */
  readonly fleet: FleetEvidence
  /** The last exchanges of this process. */
  readonly keep: ExemplarKeep
  /** Null: the config says that there is none. */
  readonly store: Store | null
  /** Upstreams as shadows ask them: few connections of their own, heard by no breaker. */
  readonly upstreams: Keep<UpstreamConfig, Upstream>
  /** How many shadows may ask one upstream at once. */
  readonly upstreamPlaces: number
  /** How long a shadow may wait until a lane takes it up. */
  readonly laneQueueMs: number
  /** Of the last snapshot: gives it, and takes the next one's. */
  readonly uses: { swap(next: Uses): Uses | null }
  /** Samples under way have so much time to come to their end. Never rejects. */
  close(grace: Grace): Promise<void>
}

const upstreamPlaces = 4
/** A lane may have to load all of the handlers first, on cores that have other things to do. */
const laneQueueMs = 10_000
const laneHeapBytes = 256 * 1_048_576
const comparerHeapMb = 256
const compareMs = 2_000

/** Neither probed nor retried: what shadows ask must cost an upstream no more than they say. */
const asShadow = ({ retries: _, ...config }: UpstreamConfig): UpstreamConfig => ({
  ...config,
  wire: 'undici',
  health: null,
  pool: { ...config.pool, connections: upstreamPlaces, maxPending: upstreamPlaces },
})

/** A broken listener costs no other its turn. */
const tellAll =
  (tells: readonly Tell[], guard: (error: unknown) => void): Tell =>
  (tally, exemplar) => {
    for (const tell of tells) {
      try {
        tell(tally, exemplar)
      } catch (error) {
        guard(error)
      }
    }
  }

const keepExemplars =
  (keep: ExemplarKeep, store: Store | null): Tell =>
  (_, exemplar) => {
    if (exemplar === null) return
    keep.put(exemplar)
    store?.putExemplar(exemplar)
  }

/** What runs in the shadows: lanes and the thread that compares. Both start when first needed. */
const createThreads = (
  config: Config,
  limits: ShadowParts['limits'],
  { log, metrics, spawner }: Pick<ShadowPartsIo, 'log' | 'metrics' | 'spawner'>,
) => {
  void sweep(log)
  const key = openRedactKey(join(config.stateDir, 'redact.key'), log)
  const { redact: names, store: level, bodyLimitBytes } = limits
  const limitsOfThread = { deadlineMs: compareMs, heapMb: comparerHeapMb }
  const comparer = createComparer({ key, names, level, ...limitsOfThread, log })
  const recorder = createProcessRecorder({ comparer, key, level, bodyLimitBytes, log, metrics })
  const createShadowLanes = (isWriting: boolean): Lanes =>
    createLanes({
      config: config.handlers,
      role: 'shadow',
      lanes: limits.lanes,
      isolation: limits.isolation,
      spawner,
      memoryBytes: laneHeapBytes,
      queue: limits.queue,
      queueTimeoutMs: laneQueueMs,
      database: laneDatabaseOf(limits, isWriting),
      log,
      onEvent: createCountLanes(metrics),
    })
  return {
    comparer,
    recorder,
    redactNoise: createRedact({ key, names, level }).noise,
    lanes: createShadowLanes(false),
    writeLanes: createShadowLanes(true),
  }
}

/** Copies of the database that killed processes have left. Nobody waits for it. */
const sweep = async (log: Log): Promise<void> => {
  const lanes = await sweepScratch()
  if (lanes > 0) log.debug('lane_swept', { lanes })
}

const createUsesSwap = (): ShadowParts['uses'] => {
  let last: Uses | null = null
  return {
    swap(next) {
      const before = last
      last = next
      return before
    },
  }
}

export const createShadowParts = (config: Config, io: ShadowPartsIo): ShadowParts => {
  const { log, metrics, now, random, isKilled, tells = [] } = io
  const limits = config.shadow ?? builtIn.shadow
  const { comparer, recorder, lanes, writeLanes, redactNoise } = createThreads(config, limits, io)
  const records = createRecords(config, io, (route, epoch) => shownNoise(route, epoch))
  const { store, book, keep, fleet } = records
  const guard = (error: unknown): void => metrics.internalError('shadow', error)
  const turns = createTurns()
  const budget = createShadowBudget(limits)
  const pressure = createPressure(
    { delayMs: limits.delayLimitMs, rssBytes: limits.rssLimitBytes },
    log,
  )
  const refusal = (): ShedReason | null => {
    if (isKilled()) return 'paused'
    return pressure.isHigh() ? 'pressure' : null
  }
  const writeParts = createWriteParts(log, io.isOnlyProcess ?? true)
  const shadows = createShadows({
    witness: recorder.witness,
    ...{ turns, comparer, budget, now, random, refusal },
    writeNotes: writeParts.writeNotes,
    sampler: createSampler(),
    tell: tellAll(
      [createTellMetrics(metrics), book.add, keepExemplars(keep, store), ...tells],
      guard,
    ),
    guard,
  })
  const shownNoise = createShownNoise({ ...shadows, redactNoise })
  const binlogParts = createBinlogParts(config, limits, io)
  scrapeShadows(metrics, { budget, running: turns.running, isPaused: () => refusal() !== null })
  const upstreams = createKeep((upstream: UpstreamConfig) =>
    createUpstream(asShadow(upstream), { pseudonym: io.pseudonym, now, isShadow: true }),
  )
  return {
    uses: createUsesSwap(),
    beginCounts: createBeginCounts(metrics),
    ...{ ...writeParts, ...binlogParts },
    ...{ shadows, recorder, limits, lanes, writeLanes, book, keep, fleet, store },
    ...{ upstreams, upstreamPlaces, laneQueueMs },
    async close(grace) {
      await shadows.close(grace)
      recorder.close()
      pressure.close()
      const open = [...upstreams.current().values()]
      await Promise.all([
        comparer.close(),
        binlogParts.binlog?.close(),
        lanes.close(),
        writeLanes.close(),
        records.close(),
        ...open.map((each) => each.close(0)),
      ])
    },
  }
}
