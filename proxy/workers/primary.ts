/** A primary process: it has workers serve, and answers for them on the admin listener. Serves nothing itself. */
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Addresses, addressesOf } from '../addresses.ts'
import { type Admin, createAdmin } from '../admin/admin.ts'
import type { ReloadOutcome } from '../admin/change-paths.ts'
import { shownKill } from '../admin/read-paths.ts'
import type {
  ListenerStatus,
  ProcessState,
  ProcessStatus,
  ProxyStatus,
  ReloadStatus,
} from '../admin/status.ts'
import type { Config } from '../config/config.ts'
import { createKills, type Kills } from '../cutover/kills.ts'
import { packageVersion } from '../package-root.ts'
import { openRedactKey } from '../shadow/redact-key.ts'
import type { Log } from '../telemetry/log.ts'
import { createMetrics, type Metrics } from '../telemetry/metrics.ts'
import { scrapePrimary } from '../telemetry/scrape.ts'
import { type Crew, createCrew } from './crew.ts'
import { createCrewAdmin } from './crew-admin.ts'
import { createCrewMetrics } from './crew-metrics.ts'
import type { LogForm } from './messages.ts'
import { prepareWorkers } from './start-worker.ts'

export interface PrimaryOptions {
  readonly workers: number
  /** The first config; what it says of the process holds until the end. */
  readonly config: Config
  /** The config in force. */
  readonly running: () => Config
  readonly reread: () => Promise<ReloadOutcome>
  readonly reloads: () => ReloadStatus
  readonly log: Log
  readonly logForm: LogForm
}

export interface Primary {
  /** @throws WorkerFailure, Error; nothing is left open then */
  start(): Promise<Addresses>
  apply(config: Config): Promise<void>
  lookAtCertificates(): void
  /** Restarts the workers one by one, without a gap. Never rejects. */
  roll(): Promise<void>
  /** Ends without refusing or breaking a request. A second call ends at once. */
  drain(): Promise<void>
}

interface Life {
  state: ProcessState
  listeners: readonly ListenerStatus[]
}

const createProcess = (life: Life): (() => ProcessStatus) => {
  const startedMs = performance.now()
  const startedAt = new Date().toISOString()
  const version = packageVersion()
  return () => ({
    state: life.state,
    version,
    node: process.versions.node,
    pid: process.pid,
    startedAt,
    uptimeMs: Math.round(performance.now() - startedMs),
    listeners: life.listeners,
    handlersBuild: null,
    requestsInFlight: 0,
    tunnelsInFlight: 0,
  })
}

/** Of what only workers know there is nothing here: the listener asks them first. */
const createPrimaryStatus = (
  options: PrimaryOptions,
  kills: Kills,
  status: () => ProcessStatus,
): ProxyStatus => ({
  process: status,
  config: options.running,
  reloads: options.reloads,
  kills: kills.list,
  routes: () => [],
  route: () => null,
  upstreams: () => [],
  breakers: () => [],
  store: () => null,
  binlog: () => null,
  findings: {
    verdicts: () => null,
    refresh: async () => {},
    diffs: async () => null,
    exemplars: async () => [],
    exemplar: async () => null,
    suggestions: async (route) => ({ route, repeats: 0, written: 0, suggestions: [], yaml: '' }),
  },
})

/** Tells the workers of every change. */
const createToldKills = (options: PrimaryOptions, crew: () => Crew): Kills => {
  const file = join(options.config.stateDir, 'kills.json')
  const kills = createKills({ file, now: Date.now, log: options.log })
  const tell = (): void => crew().tellAll({ kind: 'kills', kills: kills.list() })
  return {
    ...kills,
    kill(order) {
      const receipt = kills.kill(order)
      tell()
      return receipt
    },
    lift(scope) {
      const receipt = kills.lift(scope)
      tell()
      return receipt
    },
  }
}

interface Parts {
  readonly crew: Crew
  readonly admin: Admin
  readonly metrics: Metrics
  readonly life: Life
}

const createParts = (options: PrimaryOptions): Parts => {
  const { config, workers, log, logForm, running, reread, reloads } = options
  const life: Life = { state: 'loading', listeners: [] }
  const own = createMetrics({ log })
  const kills: Kills = createToldKills(options, () => crew)
  const pages = createCrewMetrics(own, () => crew.alive())
  const crew: Crew = createCrew({
    ...{ workers, config, logForm, log },
    kills: kills.list,
    onPage: pages.last,
    onEnded: pages.ended,
  })
  const processStatus = createProcess(life)
  const status = createPrimaryStatus(options, kills, processStatus)
  scrapePrimary(own, status)
  const admin = createAdmin({
    ...{ admin: config.admin, probes: config.probes, status, log, metrics: pages.metrics },

    actions: { kills, reload: reread, explain: () => null },
    ahead: createCrewAdmin(crew, () => {
      const { rejected, ...reload } = reloads()
      return {
        ...processStatus(),
        revision: running().revision,
        config: { ...reload, upToDate: rejected === null },
        kills: kills.list().map(shownKill),
      }
    }),
  })
  return { crew, admin, metrics: own, life }
}

const start = async (options: PrimaryOptions, parts: Parts): Promise<Addresses> => {
  const { config, log } = options
  const { crew, admin, metrics, life } = parts
  try {
    const listeners = await admin.listen()
    // Workers that begin at once would each want to make it.
    openRedactKey(join(config.stateDir, 'redact.key'), log)
    prepareWorkers()
    const { url } = await crew.start()
    const port = Number(new URL(url).port)
    life.listeners = [{ name: 'listen', host: config.listen.host, port }, ...listeners]
    life.state = 'ready'
    return { ...addressesOf(config, life.listeners), url }
  } catch (error) {
    await crew.drain()
    metrics.close()
    await admin.close()
    throw error
  }
}

export const createPrimary = (options: PrimaryOptions): Primary => {
  const parts = createParts(options)
  const { crew, admin, metrics, life } = parts
  const hurry = new AbortController()
  let ending: Promise<void> | null = null
  const end = async (): Promise<void> => {
    life.state = 'draining'
    const { delayMs } = options.config.listen.drain
    // Balancers see the readiness probe fail before anything is refused.
    await sleep(delayMs, undefined, { signal: hurry.signal }).catch(() => {})
    const drained = crew.drain()
    if (hurry.signal.aborted) void crew.drain()
    else hurry.signal.addEventListener('abort', () => void crew.drain())
    await drained
    metrics.close()
    await admin.close()
  }
  return {
    start: () => start(options, parts),
    apply: crew.apply,
    lookAtCertificates: () => crew.tellAll({ kind: 'lookAtCertificates' }),
    roll: crew.roll,
    drain() {
      if (ending !== null) hurry.abort()
      ending ??= end()
      return ending
    },
  }
}
