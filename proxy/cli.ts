#!/usr/bin/env node
/** Parses, dispatches, exits. What a command does is in commands/; what it is called, in their catalogue. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CommanderError, Command as Parser, Option as ParserOption } from 'commander'
import { commands, commonOptions } from './commands/catalogue.ts'
import type { Command, Option } from './commands/command.ts'
import { type Common, type Exit, exit, type Io } from './commands/io.ts'
import { printableJson } from './commands/text.ts'
import { printable } from './config/render-diagnostics.ts'
import { packageVersion } from './package-root.ts'

/** Arguments and options by name, as they were typed. */
type Given = Readonly<Record<string, unknown>>

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const need = (value: unknown): string => text(value) ?? ''
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [])

/** Each command is loaded when it is asked for: `--help` reads none of them. */
const runs: Readonly<Record<string, (given: Given, common: Common, io: Io) => Promise<Exit>>> = {
  serve: async ({ workers }, common, io) =>
    (await import('./commands/serve.ts')).serve({ ...common, workers: need(workers) }, io),
  check: async (given, common, io) =>
    (await import('./commands/check.ts')).check({ ...common, format: need(given.format) }, io),
  render: async (_, common, io) => (await import('./commands/render.ts')).render(common, io),
  routes: async ({ ids }, common, io) =>
    (await import('./commands/routes.ts')).routes({ ...common, ids: ids === true }, io),
  explain: async (given, common, io) => {
    const { method, url, header, key } = given
    const asked = { method: need(method), url: need(url), headers: list(header), key: text(key) }
    return (await import('./commands/explain.ts')).explain({ ...common, ...asked }, io)
  },
  flip: async ({ route, stage, weight, admin }, common, io) => {
    const wanted = { route: need(route), stage: need(stage), weight: text(weight) }
    const options = { ...common, ...wanted, admin: text(admin) }
    return (await import('./commands/flip.ts')).flip(options, io)
  },
  status: async ({ route, watch, admin }, common, io) => {
    const options = { ...common, route: text(route), watch: watch === true, admin: text(admin) }
    return (await import('./commands/status.ts')).status(options, io)
  },
  kill: async (given, common, io) => {
    const { scope, reason, lift, admin } = given
    const order = { scope: text(scope), for: text(given.for), reason: text(reason) }
    const options = { ...common, ...order, lift: text(lift), admin: text(admin) }
    return (await import('./commands/kill.ts')).kill(options, io)
  },
  diffs: async ({ route, top, exchanges, admin }, common, io) => {
    const asked = { route: need(route), top: need(top), exchanges: exchanges === true }
    return (await import('./commands/diffs.ts')).diffs(
      { ...common, ...asked, admin: text(admin) },
      io,
    )
  },
  show: async ({ id, route, whole, admin }, common, io) => {
    const asked = { id: need(id), route: text(route), whole: whole === true, admin: text(admin) }
    return (await import('./commands/show.ts')).show({ ...common, ...asked }, io)
  },
  compare: async ({ a, b, rules, as }, common, io) => {
    const options = { ...common, a: need(a), b: need(b), rules: text(rules), form: text(as) }
    return (await import('./commands/compare.ts')).compare(options, io)
  },
  'suggest-rules': async ({ route, admin }, common, io) => {
    const options = { ...common, route: need(route), admin: text(admin) }
    return (await import('./commands/suggest-rules.ts')).suggestRules(options, io)
  },
  curl: async ({ id, route, target, to, admin }, common, io) => {
    const which = { id: need(id), route: text(route), admin: text(admin) }
    const asked = { ...which, target: text(target), to: text(to) }
    return (await import('./commands/curl.ts')).curl({ ...common, ...asked }, io)
  },
  record: async (given, common, io) => {
    const { route, limit, size, out, admin } = given
    const order = { routes: list(route), limit: need(limit), size: need(size), out: text(out) }
    const options = { ...common, ...order, for: need(given.for), admin: text(admin) }
    return (await import('./commands/record.ts')).record(options, io)
  },
  replay: async (given, common, io) => {
    const typed = {
      ...{ file: need(given.file), against: need(given.against), speed: need(given.speed) },
      ...{ concurrency: need(given.concurrency), rules: text(given.rules), top: need(given.top) },
      ...{ tokenFrom: text(given.tokenFrom), scenario: text(given.scenario) },
      ...{ onlyReads: given.onlyReads === true, withWrites: given.withWrites === true },
      ...{ routes: list(given.route), headers: list(given.header), form: need(given.form) },
    }
    return (await import('./commands/replay.ts')).replay({ ...common, ...typed }, io)
  },
  scenario: async ({ id, route, from, form, admin }, common, io) => {
    const which = { id: need(id), route: text(route), admin: text(admin) }
    const asked = { ...which, from: text(from), form: need(form) }
    return (await import('./commands/scenario.ts')).scenario({ ...common, ...asked }, io)
  },
  token: async (given, common, io) => {
    const { action, target } = given
    const wanted = { action: need(action), target: need(target), for: need(given.for) }
    return (await import('./commands/token.ts')).token({ ...common, ...wanted }, io)
  },
  schema: async (_, common, io) => (await import('./commands/schema.ts')).schema(common, io),
  completion: async ({ shell }, common, io) =>
    (await import('./commands/completion.ts')).completion({ ...common, shell: need(shell) }, io),
}

const leaveMs = 1_000
/** Of what is no terminal. */
const usualWidth = 120

const createIo = (): Io => {
  const { stdout, stderr, env } = process
  const terminal = stdout.isTTY === true && env.TERM !== 'dumb'
  return {
    // A process that serves takes its standard output over for its log.
    out: stdout.write.bind(stdout),
    err: (chunk) => void stderr.write(chunk),
    color: terminal && !env.NO_COLOR,
    terminal,
    width: (terminal ? stdout.columns : null) || usualWidth,
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    env,
    fetch,
    now: Date.now,
    stop: () => {
      const controller = new AbortController()
      process.once('SIGINT', () => controller.abort())
      return controller.signal
    },
    wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  }
}

const optionOf = ({ flags, about, default: value, repeats, offers }: Option): ParserOption => {
  const option = new ParserOption(flags, about)
  if (value !== undefined) option.default(value)
  if (offers !== undefined) option.choices([...offers])
  if (repeats === true) {
    option.argParser((line: string, before: readonly string[] = []) => [...before, line])
  }
  return option
}

const examplesOf = ({ examples }: Command): string =>
  ['', 'Examples:', ...examples.map(({ line, says }) => `  $ ${line}\n      ${says}`)].join('\n')

type Chosen = (command: Command, given: Given, common: Common) => Promise<void>

const addCommand = (program: Parser, command: Command, chosen: Chosen): void => {
  const { name, summary, args, options } = command
  const parser = program.command(name).description(summary)
  for (const { name: arg, about, required } of args) {
    parser.argument(required ? `<${arg}>` : `[${arg}]`, about)
  }
  for (const option of options) parser.addOption(optionOf(option))
  parser.addHelpText('after', examplesOf(command))
  parser.action((...typed: unknown[]) => {
    const all = parser.optsWithGlobals() as Given
    const given = Object.fromEntries(args.map((arg, i) => [arg.name, typed[i]]))
    const common = { config: need(all.config), json: all.json === true }
    return chosen(command, { ...all, ...given }, common)
  })
}

const manual = `
Exit codes: 0 fine, 1 the answer is no, 2 wrong usage, 3 could not reach or read.
"banyan COMMAND --help" has examples.`

const createProgram = (chosen: Chosen): Parser => {
  const program = new Parser('banyan')
    .description('A modernization proxy: replaces a legacy one route at a time.')
    .version(packageVersion())
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (message, write) => write(message.split('\n').map(printable).join('\n')),
    })
    .exitOverride()
    .showHelpAfterError('"banyan --help" lists what there is')
    .addHelpText('after', manual)
  for (const option of commonOptions) program.addOption(optionOf(option))
  for (const command of commands) addCommand(program, command, chosen)
  return program
}

/** The parser has said it for people; help and version are no errors. */
const tellUsage = (error: CommanderError, words: readonly string[], { out }: Io): Exit => {
  if (error.exitCode === 0) return exit.fine
  const { message } = error
  if (words.includes('--json')) out(printableJson({ error: { exit: exit.usage, message } }))
  return exit.usage
}

const main = async (words: readonly string[]): Promise<Exit> => {
  const io = createIo()
  let code: Exit = exit.fine
  const program = createProgram(async ({ name }, given, common) => {
    code = (await runs[name]?.(given, common, io)) ?? exit.usage
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return tellUsage(error, words, io)
    io.err(`banyan: a fault of its own\n${error instanceof Error ? error.stack : error}\n`)
    return exit.unreachable
  }
}

// Whoever reads through `head` has seen enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  process.exit(code === 'EPIPE' ? exit.fine : exit.unreachable)
})
// Nobody hears it: that ends no command, and no proxy.
process.stderr.on('error', () => {})
const code = await main(process.argv.slice(2))
process.exitCode = code
// What handlers leave open after a check may not keep the process.
setTimeout(() => process.exit(code), leaveMs).unref()
