/** The config file of a process that serves: watched, and what became of each reading. */
import { resolve } from 'node:path'
import type { ReloadOutcome } from '../admin/change-paths.ts'
import type { ReloadStatus } from '../admin/status.ts'
import { countDiagnostics, renderDiagnostics } from '../config/render-diagnostics.ts'
import { type ConfigWatch, type ConfigWatchOptions, createConfigWatch } from '../config/watch.ts'
import type { Log } from '../telemetry/log.ts'
import { isOfSystem } from '../workers/is-of-system.ts'
import type { FirstConfig } from './first-config.ts'
import { type Common, exit, type Io } from './io.ts'
import { loadFile } from './read-config.ts'
import { CommandError } from './say.ts'

export interface WatchOptions extends Pick<ConfigWatchOptions, 'apply'> {
  readonly common: Common
  readonly io: Io
  readonly first: FirstConfig
  readonly log: Log
}

export const watchConfig = ({ common, io, first, log, apply }: WatchOptions): ConfigWatch => {
  const watch: ConfigWatch = createConfigWatch({
    path: common.config,
    running: first.config,
    loaded: first.loaded,
    load: () => loadFile(common, io),
    apply,
    onApplied: ({ revision, routes }) =>
      log.info('config_applied', { revision, routes: routes.length }),
    onRejected: (diagnostics) =>
      log.error('config_rejected', {
        problems: countDiagnostics(diagnostics),
        text: renderDiagnostics(diagnostics),
        revision: watch.state().running.revision,
      }),
    onNeedsRestart: (keys) => log.warn('config_needs_restart', { keys }),
    onTrouble: (error) => log.warn('config_watch_trouble', { err: error }),
  })
  return watch
}

const iso = (ms: number): string => new Date(ms).toISOString()

export const reloadsOf = (watch: ConfigWatch, path: string): ReloadStatus => {
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

export const reread = async (watch: ConfigWatch): Promise<ReloadOutcome> => {
  const result = await watch.reload()
  const { running, rejected, needsRestart } = watch.state()
  const diagnostics = rejected?.diagnostics ?? []
  return { result, revision: running.revision, diagnostics, needsRestart }
}

/** What ends a command whose proxy could not begin. */
export const cannotServe = (error: unknown): CommandError => {
  const message = error instanceof Error ? error.message : String(error)
  return new CommandError(isOfSystem(error) ? exit.unreachable : exit.no, message)
}
