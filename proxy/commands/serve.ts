/** `banyan serve`: a proxy from its config file, until a signal ends it. */
import type { ConfigWatch } from '../config/watch.ts'
import type { Leftover } from '../edge/drain.ts'
import { createProxy, type Proxy as RunningProxy } from '../proxy.ts'
import { leaveStuckThreads } from '../stuck-threads.ts'
import { createLog, type ProcessLog } from '../telemetry/log.ts'
import { logOutput } from '../telemetry/process-output.ts'
import { leaveRequestsYoung } from '../workers/young-requests.ts'
import { type FirstConfig, findFirstConfig } from './first-config.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { answering, note, usageError } from './say.ts'
import { cannotServe, reloadsOf, reread, watchConfig } from './serving-watch.ts'
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

const createServing = (common: Common, io: Io, first: FirstConfig, log: ProcessLog): Serving => {
  const { config } = first
  const proxy: RunningProxy = createProxy(
    { config, reread: () => reread(watch), reloads: () => reloadsOf(watch, common.config) },
    { log, env: io.env },
  )
  const watch: ConfigWatch = watchConfig({
    ...{ common, io, first, log },
    apply: async (next) => void (await proxy.reload(next)),
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

/** @throws CommandError where the config cannot be served; nothing is left open then */
const begin = async (common: Common, io: Io, first: FirstConfig): Promise<Serving> => {
  const {
    log: { level },
    revision,
  } = first.config
  const pretty = io.terminal && !common.json
  const log = createLog({ level, pretty, color: io.color })
  if (!pretty) logOutput(log)
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

const serveAlone = async (common: Common, io: Io, first: FirstConfig): Promise<Exit> => {
  leaveRequestsYoung()
  leaveStuckThreads()
  const serving = await begin(common, io, first)
  const { watch, log } = serving
  const { code, leftover } = await untilEnd(serving)
  await watch.close()
  log.info('ended', { code, ...leftover })
  await log.close()
  setTimeout(() => process.exit(code), leaveMs).unref()
  return code
}

export interface ServeOptions extends Common {
  /** As typed: how many processes serve. */
  readonly workers: string
}

const mostWorkers = 256

const readWorkers = (text: string): number => {
  const workers = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (workers >= 1 && workers <= mostWorkers) return workers
  throw usageError(`--workers takes a number from 1 to ${mostWorkers}`, 'one for each core')
}

/**
 * Exits 0 after a drain, 1 after a fault or for a config that cannot be served, 3 where a port or a
 * file cannot be had.
 */
export const serve = (options: ServeOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const workers = readWorkers(options.workers)
    const first = await findFirstConfig(options, io)
    if (workers === 1) return serveAlone(options, io, first)
    const { serveWorkers } = await import('./serve-workers.ts')
    return serveWorkers(options, io, { first, workers })
  })
