/** `banyan serve --workers N`: the process that has others serve, until a signal ends it. */
import type { ConfigWatch } from '../config/watch.ts'
import { createLog, type ProcessLog } from '../telemetry/log.ts'
import { createPrimary, type Primary } from '../workers/primary.ts'
import { WorkerFailure } from '../workers/start-worker.ts'
import type { FirstConfig } from './first-config.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { CommandError, note } from './say.ts'
import { cannotServe, reloadsOf, reread, watchConfig } from './serving-watch.ts'
import { hearSignals } from './signals.ts'

/** Whatever workers leave open may not keep the process. */
const leaveMs = 2_000

export interface WorkersOptions {
  readonly first: FirstConfig
  readonly workers: number
}

interface Serving {
  readonly primary: Primary
  readonly watch: ConfigWatch
  readonly log: ProcessLog
}

const createServing = (common: Common, io: Io, { first, workers }: WorkersOptions): Serving => {
  const { config } = first
  const logForm = {
    level: config.log.level,
    pretty: io.terminal && !common.json,
    color: io.color,
  }
  const log = createLog({ ...logForm, worker: process.pid })
  const primary: Primary = createPrimary({
    ...{ workers, config, log, logForm },
    running: () => watch.state().running,
    reread: () => reread(watch),
    reloads: () => reloadsOf(watch, common.config),
  })
  const watch: ConfigWatch = watchConfig({
    ...{ common, io, first, log },
    apply: (next) => primary.apply(next),
  })
  return { primary, watch, log }
}

const whyNot = (error: unknown): CommandError =>
  error instanceof WorkerFailure
    ? new CommandError(error.isOfSystem ? exit.unreachable : exit.no, error.message)
    : cannotServe(error)

/** @throws CommandError where the config cannot be served; nothing is left open then */
const begin = async (common: Common, io: Io, options: WorkersOptions): Promise<Serving> => {
  const { config, isLastGood: lastGood } = options.first
  const serving = createServing(common, io, options)
  const { primary, watch, log } = serving
  try {
    const { url, adminUrl, probesUrl } = await primary.start()
    const probes = probesUrl === null ? '' : `, probes on ${probesUrl}`
    note(io, `listening on ${url}, admin on ${adminUrl}${probes}`)
    log.info('listening', { url, adminUrl, probesUrl, revision: config.revision, lastGood })
    return serving
  } catch (error) {
    await watch.close()
    await log.close()
    throw whyNot(error)
  }
}

const untilEnd = async ({ primary, watch, log }: Serving): Promise<Exit> => {
  let code: Exit = exit.fine
  const stopHearing = await new Promise<() => void>((ended) => {
    const drain = (): void => {
      primary
        .drain()
        .then(() => ended(stop))
        .catch((error: unknown) => log.error('drain_failed', { err: error }))
    }
    const stop = hearSignals({
      reload() {
        void watch.reload()
        primary.lookAtCertificates()
      },
      restart: () => void primary.roll(),
      end() {
        log.info('draining')
        drain()
      },
      crash(error) {
        log.error('fault', { err: error, why: 'nobody caught it: the process ends' })
        code = exit.no
        drain()
      },
    })
  })
  stopHearing()
  return code
}

/** Exits as `serve` does. */
export const serveWorkers = async (
  common: Common,
  io: Io,
  options: WorkersOptions,
): Promise<Exit> => {
  const serving = await begin(common, io, options)
  const { watch, log } = serving
  const code = await untilEnd(serving)
  await watch.close()
  log.info('ended', { code })
  await log.close()
  setTimeout(() => process.exit(code), leaveMs).unref()
  return code
}
