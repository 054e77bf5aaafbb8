/**
 * Every command, its arguments, options and examples: what the help prints, the shells complete and
 * docs/reference/cli.md carries (tested).
 */
import { stages } from '../stage.ts'
import type { Command, Option } from './command.ts'
import { evidenceCommands } from './evidence-commands.ts'
import { recordingCommands } from './recording-commands.ts'

/** Understood by every command, before its name and after it. */
export const commonOptions: readonly Option[] = [
  {
    flags: '-c, --config <file>',
    about: 'the config file',
    default: 'config/banyan.yaml',
  },
  { flags: '--json', about: 'print JSON instead of text' },
]

const adminOption: Option = {
  flags: '--admin <url>',
  about: 'where the running proxy answers; else the config says',
}

const routeArgument = { name: 'route', about: 'id of a route', offers: 'routes' } as const

const shells = ['bash', 'zsh', 'fish'] as const

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const filesCommands: readonly Command[] = [
  {
    name: 'check',
    summary: 'Judge the config: every problem at once, with its place and the way out',
    args: [],
    options: [
      {
        flags: '--format <format>',
        about: 'text, or github for the annotations of a pull request',
        default: 'text',
        offers: ['text', 'github'],
      },
    ],
    examples: [
      { line: 'banyan check', says: 'exits 1 when a proxy would refuse the file' },
      { line: 'banyan check --json --config next.yaml', says: 'for editors and pipelines' },
    ],
  },
  {
    name: 'render',
    summary: 'Print the config as Banyan reads it: includes joined, defaults filled in',
    args: [],
    options: [],
    examples: [{ line: 'banyan render | less', says: 'what every route really does' }],
  },
  {
    name: 'routes',
    summary: 'List the routes of the config',
    args: [],
    options: [{ flags: '--ids', about: 'print only the ids, one a line' }],
    examples: [{ line: 'banyan routes', says: 'one line for each route' }],
  },
  {
    name: 'explain',
    summary: 'Say which route takes a request, which target answers, and why; sends nothing',
    args: [
      { name: 'method', about: 'GET, POST, …', required: true, offers: methods },
      { name: 'url', about: 'a path, or a whole URL', required: true, offers: [] },
    ],
    options: [
      {
        flags: '-H, --header <line>',
        about: "a request header, 'name: value'; may be repeated",
        repeats: true,
      },
      { flags: '-k, --key <key>', about: 'the caller key, instead of what the headers hold' },
    ],
    examples: [
      { line: "banyan explain GET '/api/articles?limit=5'", says: 'route, target, reason' },
      { line: 'banyan explain GET /api/articles -k ana', says: "ana's bucket and her target" },
    ],
  },
  {
    name: 'flip',
    summary: 'Set the stage of a route: one line of the config file, comments kept',
    args: [
      { ...routeArgument, required: true },
      { name: 'stage', about: stages.join(', '), required: true, offers: stages },
    ],
    options: [
      { flags: '-w, --weight <share>', about: 'share of callers at canary, such as 10%' },
      adminOption,
    ],
    examples: [
      { line: 'banyan flip articles.list canary --weight 10%', says: 'modern for 10 % of callers' },
      { line: 'banyan flip articles.list legacy', says: 'and all of it back' },
    ],
  },
]

const runningCommands: readonly Command[] = [
  {
    name: 'serve',
    summary: 'Start the proxy and stay',
    args: [],
    options: [
      {
        flags: '--workers <number>',
        about: 'processes that serve; one for each core',
        default: '1',
      },
    ],
    examples: [
      { line: 'banyan serve --config /etc/banyan/banyan.yaml', says: 'until SIGTERM' },
      { line: 'banyan serve --workers 4', says: 'SIGUSR2 restarts them without a gap' },
    ],
  },
  {
    name: 'status',
    summary: 'Show what a running proxy does: routes, traffic, breakers, kills',
    args: [{ ...routeArgument, required: false }],
    options: [{ flags: '-w, --watch', about: 'redraw until Ctrl-C' }, adminOption],
    examples: [
      { line: 'banyan status -w', says: 'a board that redraws' },
      { line: 'banyan status articles.list', says: 'one route, with its why' },
    ],
  },
  {
    name: 'kill',
    summary: 'Send everything of a route, an upstream, or all, to legacy at once',
    args: [
      {
        name: 'scope',
        about: "all, shadow, a route, or an upstream ('handlers' is one too)",
        required: false,
        offers: 'routes',
      },
    ],
    options: [
      { flags: '--for <duration>', about: 'until when: 30m, 2h; at most 24h' },
      { flags: '--reason <text>', about: 'why, for whoever finds it' },
      { flags: '--lift <scope>', about: 'end a kill instead' },
      adminOption,
    ],
    examples: [
      { line: "banyan kill all --for 2h --reason 'orders fail'", says: 'no modern code answers' },
      {
        line: "banyan kill shadow --for 1h --reason 'legacy is busy'",
        says: 'nobody is asked for a comparison',
      },
      { line: 'banyan kill --lift all', says: 'back to what the config says' },
    ],
  },
  {
    name: 'token',
    summary: 'Mint a token by which a tester picks the target (force)',
    args: [{ name: 'action', about: 'mint', required: true, offers: ['mint'] }],
    options: [
      {
        flags: '-t, --target <target>',
        about: 'legacy or modern',
        default: 'modern',
        offers: ['legacy', 'modern'],
      },
      {
        flags: '--for <duration>',
        about: 'how long it holds, at most force.maxAge',
        default: '8h',
      },
    ],
    examples: [
      { line: 'banyan token mint --target modern --for 8h', says: 'needs the key of force.keyEnv' },
    ],
  },
]

const toolCommands: readonly Command[] = [
  {
    name: 'schema',
    summary: 'Print the JSON Schema of the config file, for editors',
    args: [],
    options: [],
    examples: [{ line: 'banyan schema > banyan.schema.json', says: 'completion while you type' }],
  },
  {
    name: 'completion',
    summary: 'Print a completion script for a shell',
    args: [{ name: 'shell', about: shells.join(', '), required: true, offers: shells }],
    options: [],
    examples: [
      { line: 'source <(banyan completion bash)', says: 'in ~/.bashrc' },
      { line: 'banyan completion fish | source', says: 'in config.fish' },
    ],
  },
]

/** In the order of the help. */
export const commands: readonly Command[] = [
  ...runningCommands.slice(0, 1),
  ...filesCommands,
  ...runningCommands.slice(1),
  ...evidenceCommands,
  ...recordingCommands,
  ...toolCommands,
]
