/** The part of a flip that is about files: the edit, its checks, and the writing. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { adapters } from '../config/built-in.ts'
import type { Config, Route } from '../config/config.ts'
import type { Diagnostic } from '../config/diagnostics.ts'
import { type Edit, EditError, editSources, type RouteChange } from '../config/edit.ts'
import { parseConfig } from '../config/parse.ts'
import { countDiagnostics, renderDiagnostics } from '../config/render-diagnostics.ts'
import { readSources, type Sources } from '../config/sources.ts'
import { suggest } from '../config/suggest.ts'
import { writeFileAtomically } from '../config/write-file.ts'
import type { Source } from '../config/yaml.ts'
import { checkHandlers } from './check-handlers.ts'
import { type Common, exit, type Io } from './io.ts'
import { exitOf } from './read-config.ts'
import { CommandError } from './say.ts'

/** An edit that a proxy would accept, not yet written. */
export interface PlannedFlip {
  /** The config with the edit. */
  readonly config: Config
  readonly edit: Edit
  /** As the user would name it, and where it is. */
  readonly file: string
  readonly path: string
  /** The file as it was read. */
  readonly before: string
}

type Files = Pick<Io, 'env' | 'err'>

const refuse = (what: string, diagnostics: readonly Diagnostic[], io: Files): CommandError => {
  io.err(`${renderDiagnostics(diagnostics)}\n\n`)
  return new CommandError(exitOf(diagnostics), `${what}: ${countDiagnostics(diagnostics)}`)
}

const judge = (sources: readonly Source[], options: Common, io: Files) => {
  const [main, ...included] = sources
  if (main === undefined) throw new TypeError('a config has a main file')
  const directory = dirname(resolve(options.config))
  const world = { directory, env: io.env, adapters, exists: existsSync }
  return parseConfig([main, ...included], world)
}

/** Rollouts promote their routes themselves; a stage set by hand would be taken back. */
const assertByHand = ({ id, rollout }: Route): void => {
  if (rollout == null) return
  const message = `"${id}" is promoted by the rollout "${rollout.use}"; flip is for routes with a stage`
  const hint = `"banyan promote ${id}" and "banyan rollback ${id}" move it`
  throw new CommandError(exit.no, message, hint)
}

const findRoute = (config: Config, id: string): Route => {
  const route = config.routes.find((each) => each.id === id)
  if (route !== undefined) return route
  const ids = config.routes.map((each) => each.id)
  throw new CommandError(exit.no, `there is no route "${id}"`, suggest(id, ids))
}

const editOf = (sources: readonly Source[], id: string, change: RouteChange) => {
  try {
    return editSources(sources, id, change)
  } catch (error) {
    if (error instanceof EditError) throw new CommandError(exit.no, error.message)
    throw error
  }
}

const assertHandled = async (config: Config, id: string): Promise<void> => {
  const problems = await checkHandlers(config)
  const problem = problems.find(({ route }) => route === null || route === id)
  if (problem !== undefined) throw new CommandError(exit.no, problem.message, problem.hint)
}

const readAll = async (options: Common, io: Files): Promise<Sources> => {
  const read = await readSources(options.config)
  const errors = read.diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw refuse('nothing is changed', errors, io)
  return read
}

/** @throws CommandError where the route is not there, or a reload would refuse the result */
export const planFlip = async (
  options: Common & { readonly route: string },
  change: RouteChange,
  io: Files,
): Promise<PlannedFlip> => {
  const { sources, files } = await readAll(options, io)
  const now = judge(sources, options, io)
  if (now.config === null) {
    throw refuse('nothing is changed, the file is already wrong', now.diagnostics, io)
  }
  assertByHand(findRoute(now.config, options.route))
  const found = editOf(sources, options.route, change)
  if (found === null) throw new CommandError(exit.no, 'no file defines this route as a map')
  const { source, edit } = found
  const edited = sources.map((each) => (each === source ? { ...each, text: edit.text } : each))
  const next = judge(edited, options, io)
  if (next.config === null) throw refuse('nothing is changed', next.diagnostics, io)
  await assertHandled(next.config, options.route)
  const path = files[sources.indexOf(source)] ?? resolve(source.file)
  return { config: next.config, edit, file: source.file, path, before: source.text }
}

/** @throws ReadOnlyError where the file may not be written */
export const writeFlip = async ({ path, file, before, edit }: PlannedFlip): Promise<void> => {
  if (edit.text === before) return
  // Somebody's editor may have saved since.
  if ((await readFile(path, 'utf8')) !== before) {
    throw new CommandError(exit.no, `${file} changed meanwhile; nothing is changed`, 'try again')
  }
  await writeFileAtomically(path, [edit.text])
}
