/** The config that a proxy starts with: the file's, or the last that was in force. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { stateDir as usualStateDir } from '../config/built-in.ts'
import type { Config } from '../config/config.ts'
import { readLastGood } from '../config/last-good.ts'
import type { Loaded } from '../config/load.ts'
import { countDiagnostics, renderDiagnostics } from '../config/render-diagnostics.ts'
import { readYaml } from '../config/yaml.ts'
import type { Common, Io } from './io.ts'
import { exitOf, loadFile } from './read-config.ts'
import { CommandError, note } from './say.ts'

export interface FirstConfig {
  readonly config: Config
  readonly loaded: Loaded
  /** Whether the file itself cannot be served, and the last config in force stands in. */
  readonly isLastGood: boolean
}

/**
 * Where a file that cannot be served keeps its state, as far as it can still be read; else where a
 * service keeps its own (STATE_DIRECTORY, systemd.exec(5)).
 */
const stateDirOf = async (path: string, env: Io['env']): Promise<string> => {
  const text = await readFile(path, 'utf8').catch(() => '')
  // The rest may be no YAML at all.
  const line = /^stateDir:.*/m.exec(text)?.[0] ?? ''
  const { value } = readYaml({ file: path, text: line }, env)
  const { stateDir } = (value ?? {}) as { stateDir?: unknown }
  const usual = env.STATE_DIRECTORY ?? usualStateDir
  return resolve(dirname(path), typeof stateDir === 'string' ? stateDir : usual)
}

/**
 * What is wrong with the file is on the error stream by the time this settles.
 *
 * @throws CommandError where neither the file nor the last config in force can be served
 */
export const findFirstConfig = async (
  common: Common,
  io: Pick<Io, 'env' | 'err'>,
): Promise<FirstConfig> => {
  const loaded = await loadFile(common, io)
  const { config, diagnostics } = loaded
  if (diagnostics.length > 0) io.err(`${renderDiagnostics(diagnostics)}\n\n`)
  if (config !== null) return { config, loaded, isLastGood: false }
  const lastGood = await readLastGood(await stateDirOf(common.config, io.env))
  const problem = `${common.config} has ${countDiagnostics(diagnostics)}`
  if (lastGood === null) {
    throw new CommandError(exitOf(diagnostics), problem, '"banyan check" says the same')
  }
  note(io, `${problem}: serving the last good config, revision ${lastGood.revision}`)
  return { config: lastGood, loaded, isLastGood: true }
}
