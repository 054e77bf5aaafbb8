/** Completion scripts, written from the catalogue so that they know every command and option. */
import { suggest } from '../config/suggest.ts'
import { commands, commonOptions } from './catalogue.ts'
import type { Command, Option } from './command.ts'
import { type Exit, exit, type Io } from './io.ts'
import { answering, say, usageError } from './say.ts'

/** Prints the ids of the routes: what a script asks for where a route is wanted. */
const listRoutes = 'banyan routes --ids 2>/dev/null'

const optionsOf = (command: Command): readonly Option[] => [...command.options, ...commonOptions]

/** `-k, --key <key>` → `['-k', '--key']`. */
const flagNames = ({ flags }: Option): readonly string[] =>
  flags.split(/[ ,]+/).filter((part) => part.startsWith('-'))

const takesValue = ({ flags }: Option): boolean => flags.includes('<')

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** What the words of a command may be: options, offers of arguments, and ids where one is wanted. */
const wordsOf = (command: Command): readonly string[] => [
  ...optionsOf(command).flatMap(flagNames),
  ...command.args.flatMap(({ offers }) => (typeof offers === 'string' ? [] : offers)),
  ...(command.args.some(({ name }) => name === 'scope') ? ['all', 'handlers', 'shadow'] : []),
]

const wants = ({ args }: Command, wanted: 'routes' | 'files'): boolean =>
  args.some(({ offers }) => offers === wanted)

/** What bash has to ask for. */
const lists = (command: Command): string =>
  [
    ...(wants(command, 'routes') ? [`$(${listRoutes})`] : []),
    ...(wants(command, 'files') ? ['$(compgen -f -- "$word")'] : []),
  ]
    .map((list) => `" ${list}"`)
    .join('')

const bash = (): string => `# bash completion for banyan
_banyan() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words=
  case $before in
    -c|--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
    -t|--target) COMPREPLY=($(compgen -W 'legacy modern' -- "$word")); return ;;
  esac
  case \${COMP_WORDS[1]} in
${commands
  .map(
    (command) =>
      `    ${command.name}) words=${quote(wordsOf(command).join(' '))}${lists(command)} ;;`,
  )
  .join('\n')}
    *) words=${quote(commands.map(({ name }) => name).join(' '))} ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _banyan banyan
`

const zshDescribe = (text: string): string => text.replace(/[[\]:']/g, ' ')

const zshOption = (option: Option): string => {
  const value = takesValue(option)
    ? `:${option.flags.includes('<file>') ? 'file:_files' : 'value:'}`
    : ''
  return flagNames(option)
    .map((name) =>
      quote(`${option.repeats ? '*' : ''}${name}[${zshDescribe(option.about)}]${value}`),
    )
    .join(' ')
}

const zshArguments = ({ args }: Command): string =>
  args
    .map(({ name, offers }, i) => {
      if (offers === 'routes') return `"${i + 1}:${name}:($(${listRoutes}))"`
      return quote(`${i + 1}:${name}:${offers === 'files' ? '_files' : `(${offers.join(' ')})`}`)
    })
    .join(' ')

const zsh = (): string => `#compdef banyan
_banyan() {
  local -a names
  names=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${zshDescribe(summary)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${commands
  .map(
    (command) =>
      `    ${command.name}) _arguments ${[...optionsOf(command).map(zshOption), zshArguments(command)].join(' ').trim()} ;;`,
  )
  .join('\n')}
  esac
}
compdef _banyan banyan
`

const fishOption = (command: Command, option: Option): string => {
  const names = flagNames(option).map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  )
  const value = takesValue(option)
    ? ` -r${option.offers ? ` -a ${quote(option.offers.join(' '))}` : ''}`
    : ''
  return `complete -c banyan -n '__fish_seen_subcommand_from ${command.name}' ${names.join(' ')}${value} -d ${quote(option.about)}`
}

const fishArguments = (command: Command): readonly string[] => {
  const here = `complete -c banyan -n '__fish_seen_subcommand_from ${command.name}'`
  const words = command.args.flatMap(({ offers }) => {
    if (offers === 'files') return []
    return offers === 'routes' ? [`(${listRoutes})`] : offers
  })
  return [
    ...(words.length === 0 ? [] : [`${here} -a ${quote(words.join(' '))}`]),
    ...(wants(command, 'files') ? [`${here} -F`] : []),
  ]
}

const fish = (): string =>
  [
    '# fish completion for banyan',
    'complete -c banyan -f',
    ...commands.flatMap((command) => [
      `complete -c banyan -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
      ...optionsOf(command).map((option) => fishOption(command, option)),
      ...fishArguments(command),
    ]),
    '',
  ].join('\n')

const scripts: ReadonlyMap<string, () => string> = new Map([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
])

/** Prints the completion script of a shell; with `--json` as a value of that name. */
export const completion = (
  options: { readonly shell: string; readonly json: boolean },
  io: Pick<Io, 'out' | 'err'>,
): Promise<Exit> =>
  answering(options, io, async () => {
    const script = scripts.get(options.shell)
    if (script === undefined) {
      const allowed = suggest(options.shell, [...scripts.keys()])
      throw usageError(`there is no completion for the shell "${options.shell}"`, allowed)
    }
    const text = script()
    say(io, options, { json: { shell: options.shell, script: text }, text })
    return exit.fine
  })
