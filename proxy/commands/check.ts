/** `banyan check`: everything that is wrong with the files, at once. */
import type { Config } from '../config/config.ts'
import type { Loaded } from '../config/load.ts'
import { countDiagnostics, printable, renderDiagnostics } from '../config/render-diagnostics.ts'
import { type Bypass, findBypasses } from '../routing/bypasses.ts'
import { bypassesView } from './bypasses-view.ts'
import { checkHandlers, type HandlerProblem } from './check-handlers.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { exitOf, loadFile } from './read-config.ts'
import { answering, say, usageError } from './say.ts'

export interface CheckOptions extends Common {
  /** `text`, or `github` for the annotations of a pull request. */
  readonly format: string
}

const lineOf = ({ message, hint }: HandlerProblem): string =>
  `handlers  error  ${printable(message)}\n${hint === null ? '' : `  ${printable(hint)}\n`}`

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`

/** Each is tried in about a hundred spellings. */
const triedRoutes = 1_000

/** What is in order and still worth knowing. */
const notesOf = ({ force }: Config, { env }: Io): readonly string[] =>
  env[force.keyEnv] ? [] : [`force by token is off: ${force.keyEnv} is not set`]

interface Judged {
  readonly loaded: Loaded
  readonly handlers: readonly HandlerProblem[]
  readonly notes: readonly string[]
  readonly bypasses: readonly Bypass[]
}

const judge = async (options: CheckOptions, io: Io): Promise<Judged> => {
  const loaded = await loadFile(options, io)
  const { config } = loaded
  return config === null
    ? { loaded, handlers: [], notes: [], bypasses: [] }
    : {
        loaded,
        handlers: await checkHandlers(config),
        notes: notesOf(config, io),
        bypasses: findBypasses(config, triedRoutes),
      }
}

const verdictOf = ({ loaded: { config, diagnostics }, handlers }: Judged): string => {
  if (handlers.length > 0) return `${count(handlers.length, 'problem')} with the handlers`
  if (config === null) return countDiagnostics(diagnostics)
  return `${count(config.routes.length, 'route')}, revision ${config.revision}`
}

const view = (judged: Judged, { config, format }: CheckOptions, color: boolean): string => {
  const { loaded, handlers, notes, bypasses } = judged
  const rendered = renderDiagnostics(loaded.diagnostics, format === 'github' ? 'github' : 'text')
  return [
    ...(rendered === '' ? [] : [`${rendered}\n`]),
    ...handlers.map(lineOf),
    ...notes.map((each) => `note: ${printable(each)}\n`),
    ...(bypasses.length === 0 || format === 'github' ? [] : [bypassesView(bypasses, color)]),
    `${printable(config)}: ${verdictOf(judged)}\n`,
  ].join('\n')
}

/** Exits 1 where a proxy would refuse the config, 3 where the file cannot be read. */
export const check = (options: CheckOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    if (options.format !== 'text' && options.format !== 'github') {
      const hint = 'allowed: text, github; --json for JSON'
      throw usageError(`there is no format "${options.format}"`, hint)
    }
    const judged = await judge(options, io)
    const { loaded, handlers, notes, bypasses } = judged
    const { diagnostics } = loaded
    const code = handlers.length > 0 ? exit.no : exitOf(diagnostics)
    const revision = loaded.config?.revision ?? null
    const json = { ok: code === exit.fine, revision, diagnostics, handlers, notes, bypasses }
    say(io, options, { json, text: view(judged, options, io.color) })
    return code
  })
