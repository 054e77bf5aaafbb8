import { adapters } from '../config/built-in.ts'
import type { Config } from '../config/config.ts'
import type { Diagnostic } from '../config/diagnostics.ts'
import { type Loaded, loadConfig } from '../config/load.ts'
import { countDiagnostics, renderDiagnostics } from '../config/render-diagnostics.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { CommandError } from './say.ts'

/** Reads and judges the config file, exactly as a running proxy would. */
export const loadFile = ({ config }: Common, io: Pick<Io, 'env'>): Promise<Loaded> =>
  loadConfig(config, { env: io.env, adapters })

/** Whether a file could not be read at all, so that nothing is known of what it says. */
export const isUnread = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ code }) => code === 'BC1001')

/** What these diagnostics mean for an exit code; warnings alone are fine. */
export const exitOf = (diagnostics: readonly Diagnostic[]): Exit => {
  if (isUnread(diagnostics)) return exit.unreachable
  return diagnostics.some(({ severity }) => severity === 'error') ? exit.no : exit.fine
}

/**
 * The config of a file that a proxy would accept.
 *
 * @throws CommandError where it would not; the diagnostics are on the error stream by then
 */
export const readConfig = async (common: Common, io: Pick<Io, 'env' | 'err'>): Promise<Config> => {
  const { config, diagnostics } = await loadFile(common, io)
  if (config !== null) return config
  io.err(`${renderDiagnostics(diagnostics)}\n\n`)
  const message = `${common.config} has ${countDiagnostics(diagnostics)}`
  throw new CommandError(exitOf(diagnostics), message, '"banyan check" says the same')
}
