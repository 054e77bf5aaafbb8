/** `banyan serve`: a proxy from its config file, until a signal ends it. */
import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import type { ReloadOutcome } from '../admin/change-paths.ts'
import type { ReloadStatus } from '../admin/status.ts'
import { countDiagnostics, renderDiagnostics } from '../config/render-diagnostics.ts'
import { type ConfigWatch, createConfigWatch } from '../config/watch.ts'
import type { Leftover } from '../edge/drain.ts'
import { createProxy, type Proxy as RunningProxy } from '../proxy.ts'
import { createLog, type ProcessLog } from '../telemetry/log.ts'
import { type FirstConfig, findFirstConfig } from './first-config.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { loadFile } from './read-config.ts'
import { answering, CommandError, note } from './say.ts'
import { hearSignals } from './signals.ts'

/** How long requests may still take once the process has a fault. */
const crashMs = 5_000
/** Whatever handlers leave open may not keep the process. */
const leaveMs = 2_000

interface Serving {
  readonly proxy: RunningProxy
  readonly watch: ConfigWatch
  readonly log: ProcessLog
}

const iso = (ms: number): string => new Date(ms).toISOString()

const reloadsOf = (watch: ConfigWatch, path: string): ReloadStatus => {
  const { appliedAt, rejected, needsRestart, counts } = watch.state()
  return {
    file: resolve(path),
    appliedAt: iso(appliedAt),
    rejected:
      rejected === null ? null : { at: iso(rejected.at), diagnostics: rejected.diagnostics },
    needsRestart,
    counts,
  }
}

const reread = async (watch: ConfigWatch): Promise<ReloadOutcome> => {
  const result = await watch.reload()
  const { running, rejected, needsRestart } = watch.state()
  const diagnostics = rejected?.diagnostics ?? []
  return { result, revision: running.revision, diagnostics, needsRestart }
}

/** Whether the system said no, of a port or a file; anything else is the config's to answer for. */
const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && ('syscall' in error || isOfSystem(error.cause))

const cannotServe = (error: unknown): CommandError => {
  const message = error instanceof Error ? error.message : String(error)
  return new CommandError(isOfSystem(error) ? exit.unreachable : exit.no, message)
}

const createServing = (
  common: Common,
  io: Io,
  { config, loaded }: FirstConfig,
  log: ProcessLog,
): Serving => {
  const proxy: RunningProxy = createProxy(
    { config, reread: () => reread(watch), reloads: () => reloadsOf(watch, common.config) },
    { log, env: io.env },
  )
  const watch: ConfigWatch = createConfigWatch({
    path: common.config,
    running: config,
    loaded,
    load: () => loadFile(common, io),
    apply: (next) => void proxy.reload(next),
    onApplied: ({ revision, routes }) =>
      log.info('config_applied', { revision, routes: routes.length }),
    onRejected: (diagnostics) =>
      log.error('config_rejected', {
        problems: countDiagnostics(diagnostics),
        text: renderDiagnostics(diagnostics),
        revision: proxy.status.config().revision,
      }),
    onTrouble: (error) => log.warn('config_watch_trouble', { err: error }),
  })
  return { proxy, watch, log }
}

/** How it ended, and what its grace did not suffice for; null: a drain that failed. */
interface Ended {
  readonly code: Exit
  readonly leftover: Leftover | null
}

/** Resolves with the exit code once a signal or a fault has ended the proxy. */
const untilEnd = async ({ proxy, watch, log }: Serving): Promise<Ended> => {
  let code: Exit = exit.fine
  let leftover: Leftover | null = null
  const stopHearing = await new Promise<() => void>((ended) => {
    const drain = async (): Promise<void> => {
      leftover = await proxy.drain()
      ended(stop)
    }
    const fail = (error: unknown): void => log.error('drain_failed', { err: error })
    const stop = hearSignals({
      reload() {
        void watch.reload()
        void proxy.lookAtCertificates()
      },
      end() {
        log.info('draining')
        drain().catch(fail)
      },
      crash(error) {
        log.error('fault', { err: error, why: 'nobody caught it: the process ends' })
        code = exit.no
        setTimeout(() => proxy.close().catch(fail), crashMs).unref()
        drain().catch(fail)
      },
    })
  })
  stopHearing()
  return { code, leftover }
}

/**
 * Keeps V8 from making the objects of requests in the old generation, where they keep dead ones
 * alive: collections take several times as long then (docs/discoveries/v8-pretenuring.md).
 */
const leaveRequestsYoung = (): void => setFlagsFromString('--no-allocation-site-pretenuring')

/** @throws CommandError where the config cannot be served; nothing is left open then */
const begin = async (common: Common, io: Io, first: FirstConfig): Promise<Serving> => {
  const {
    log: { level },
    revision,
  } = first.config
  const log = createLog({ level, pretty: io.terminal && !common.json, color: io.color })
  let serving: Serving | null = null
  try {
    serving = createServing(common, io, first, log)
    const { url, adminUrl, probesUrl } = await serving.proxy.start()
    const probes = probesUrl === null ? '' : `, probes on ${probesUrl}`
    note(io, `listening on ${url}, admin on ${adminUrl}${probes}`)
    log.info('listening', { url, adminUrl, probesUrl, revision, lastGood: first.isLastGood })
    return serving
  } catch (error) {
    await serving?.watch.close()
    await log.close()
    throw cannotServe(error)
  }
}

/**
 * Exits 0 after a drain, 1 after a fault or for a config that cannot be served, 3 where a port or a
 * file cannot be had.
 */
export const serve = (common: Common, io: Io): Promise<Exit> =>
  answering(common, io, async () => {
    leaveRequestsYoung()
    const serving = await begin(common, io, await findFirstConfig(common, io))
    const { watch, log } = serving
    const { code, leftover } = await untilEnd(serving)
    await watch.close()
    log.info('ended', { code, ...leftover })
    await log.close()
    setTimeout(() => process.exit(code), leaveMs).unref()
    return code
  })
