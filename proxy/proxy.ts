/** Wires the parts of one process: listeners, snapshots, admin. No logic of its own. */

import { type Addresses, addressesOf } from './addresses.ts'
import { type Admin, createAdmin } from './admin/admin.ts'
import type { ReloadOutcome } from './admin/change-paths.ts'
import { builtOf, createProcessStatus, type Life } from './admin/process-status.ts'
import type { ProxyStatus, ReloadStatus } from './admin/status.ts'
import type { Config } from './config/config.ts'
import { processChanges, withProcessOf } from './config/process-changes.ts'
import { type Certificates, createCertificates } from './edge/certificates.ts'
import { drainServer, type Leftover } from './edge/drain.ts'
import { listenOn } from './edge/listen.ts'
import { createEdgeServer, type Edge } from './edge/server.ts'
import { type Unreceived, unreceivedExchange } from './edge/unreceived.ts'
import { createOnUpgrade } from './edge/upgrade.ts'
import { refusedRoute } from './engine.ts'
import { createInForce, type InForce } from './in-force.ts'
import { explain } from './routing/explain.ts'
import { createServe, createServeUpgrade } from './serve.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'
import { createStandingParts, type ProxyIo, type StandingParts } from './standing-parts.ts'
import { createHandlers } from './targets/handler.ts'
import { guardUndici } from './targets/undici-guard.ts'
import { assertHandled } from './targets/unhandled.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { scrapeStatus } from './telemetry/scrape.ts'

export interface ProxyOptions {
  /** The first config; what it says of the process holds until the end. */
  readonly config: Config
  /** Reads the config's source anew, for the admin API; absent: the program reloads by itself. */
  readonly reread?: () => Promise<ReloadOutcome>
  /** What became of the readings of the source. */
  readonly reloads?: () => ReloadStatus
  /** Start only where the handlers can be loaded; default: serve what can be served without. */
  readonly needsHandlers?: boolean
}

export interface Proxy {
  /**
   * Loads the handlers and opens the listeners. Once only.
   *
   * @throws Error that names the key to change; nothing is left open then
   */
  start(): Promise<Addresses>
  /**
   * Puts a config in force for the requests that begin from now on. What it says of the process is
   * only reported, as `needsRestart`. Several at once come into force one after the other.
   *
   * Rejects when it cannot be served; the config in force stays.
   */
  reload(config: Config): Promise<ReloadOutcome>
  /** Ends without refusing or breaking a request. A second call ends at once. */
  drain(): Promise<Leftover>
  /** Ends at once. */
  close(): Promise<void>
  /** Reads the certificates anew, changed or not; what cannot be used changes nothing. */
  lookAtCertificates(): Promise<void>
  readonly status: ProxyStatus
  readonly metrics: Pick<Metrics, 'page'>
}

interface Running {
  readonly config: Config
  readonly needsHandlers: boolean
  readonly standing: StandingParts
  readonly snapshots: Snapshots
  readonly life: Life
  readonly edge: Edge
  readonly certificates: Certificates | null
  readonly admin: Admin
  readonly inForce: InForce
}

const createEdge = ({
  config,
  standing,
  snapshots,
  life,
  certificates,
}: Omit<Running, 'edge' | 'admin' | 'inForce'>): Edge => {
  const { newId, now, metrics, receive } = standing
  const onError = (error: unknown): void => metrics.internalError('edge', error)
  return createEdgeServer({
    listen: config.listen,
    certificates,
    serve: snapshots.track(createServe(snapshots.current)),
    onUpgrade: createOnUpgrade({
      protocols: config.listen.upgrades ?? ['websocket'],
      receive,
      serve: createServeUpgrade(snapshots.current),
      join: (call, decision) => builtOf(life).join(call, decision),
      onError,
    }),
    newId,
    inFlight: snapshots.inFlight,
    onLimit: standing.onLimit,
    onRefused(refused: Unreceived) {
      const { decision, request, seen } = unreceivedExchange(refused, refusedRoute, now())
      snapshots.current().observe(decision, request, seen, null)
    },
    onError,
  })
}

/** Lets go of everything but the public listener. The admin listener answers probes until here. */
const closeParts = async (running: Running): Promise<void> => {
  const { standing, snapshots, life, admin, certificates, inForce } = running
  await inForce.settled()
  certificates?.close()
  snapshots.close()
  const upstreams = [...standing.upstreams.current().values()]
  await standing.shadow.close({ ms: 0, hurry: null })
  await Promise.all([
    ...upstreams.map((each) => each.close(0)),
    life.handlers?.close(),
    standing.lanes.close(),
  ])
  standing.spawner.close()
  for (const { breaker } of standing.breakers.current().values()) breaker.close()
  standing.metrics.close()
  await admin.close()
}

const noHandlers = 'the handlers cannot be loaded; the log says why'

const start = async (running: Running): Promise<Addresses> => {
  const { config, standing, life, edge, admin, inForce } = running
  try {
    const listeners = await admin.listen()
    // A reload may bring an upstream over undici at any time, so its parser is mended once, here.
    await guardUndici(standing.log)
    life.handlers = await createHandlers(config.handlers, { log: standing.log })
    if (running.needsHandlers && life.handlers.build === null) throw new Error(noHandlers)
    await inForce.put(config)
    const bound = await listenOn(edge.server, config.listen, 'listen')
    const listen = { name: 'listen' as const, ...bound }
    life.listeners = [listen, ...listeners]
  } catch (error) {
    await closeParts(running)
    throw error
  }
  life.state = 'ready'
  return addressesOf(config, life.listeners)
}

/** What clients do not wait for must not hold an exit for long. */
const longestShadowMs = 5_000

const createEnd = (running: Running): Pick<Proxy, 'drain' | 'close'> => {
  const { config, standing, life, edge } = running
  const hurry = new AbortController()
  let ending: Promise<Leftover> | null = null
  const end = async (): Promise<Leftover> => {
    life.state = 'draining'
    const timing = config.listen.drain
    const { close: closeTunnels } = standing.tunnels
    const { finish: finishStreams } = standing.streams
    const rest = { closeTunnels, finishStreams }
    const leftover = await drainServer({ ...edge, timing, hurry: hurry.signal, ...rest })
    const ms = Math.min(timing.graceMs, longestShadowMs)
    await standing.shadow.close({ ms, hurry: hurry.signal })
    await closeParts(running)
    return leftover
  }
  const endNow = (): Promise<Leftover> => {
    hurry.abort()
    ending ??= end()
    return ending
  }
  return {
    async close() {
      await endNow()
    },
    drain() {
      if (ending !== null) return endNow()
      ending = end()
      return ending
    },
  }
}

/** @throws Error when the certificate cannot be read, or the admin listener would be public */
export const createProxy = (options: ProxyOptions, io: ProxyIo): Proxy => {
  const { config, needsHandlers = false } = options
  const certificates =
    config.listen.tls === null ? null : createCertificates(config.listen.tls, io.log)
  const standing = createStandingParts(config, io)
  const { log, metrics, kills } = standing
  const snapshots = createSnapshots()
  const appliedAt = new Date().toISOString()
  const life: Life = {
    ...{ state: 'loading', listeners: [], built: null, handlers: null, appliedAt },
    certificates: certificates?.status ?? (() => []),
  }
  const inForce = createInForce(standing, snapshots, life)
  const reloads =
    options.reloads ?? (() => ({ file: null, appliedAt: life.appliedAt, rejected: null }))
  const unchanged = (): ReloadOutcome => {
    const { revision } = builtOf(life).config
    return { result: 'unchanged', revision, diagnostics: [] }
  }
  const status = createProcessStatus({ standing, snapshots, life, firstConfig: config, reloads })
  scrapeStatus(metrics, status)
  const admin = createAdmin({
    admin: config.admin,
    probes: config.probes,
    status,
    metrics,
    log,
    recorder: standing.shadow.recorder,
    actions: {
      kills,
      reload: options.reread ?? (async () => unchanged()),
      explain: (question) => explain(builtOf(life).explainer, question),
    },
  })
  const parts = { config, needsHandlers, standing, snapshots, life, certificates }
  const running: Running = { ...parts, edge: createEdge(parts), admin, inForce }
  return {
    start: () => start(running),
    async reload(wanted) {
      const needsRestart = processChanges(config, wanted)
      const next = withProcessOf(config, wanted)
      const isNew = (): boolean => {
        const { revision, routes } = builtOf(life).config
        if (next.revision === revision) return false
        assertHandled(next.routes, routes, life.handlers?.routeNames() ?? null)
        return true
      }
      if (!(await inForce.put(next, isNew))) return { ...unchanged(), needsRestart }
      return { result: 'applied', revision: next.revision, diagnostics: [], needsRestart }
    },
    lookAtCertificates: async () => certificates?.look(),
    ...createEnd(running),
    status,
    metrics,
  }
}
