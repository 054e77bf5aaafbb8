/** What of a native legacy this machine has: each part is looked for by itself, and says why not. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** `missing` is one sentence for people. */
export type Probe =
  | { readonly found: true; readonly version: string }
  | { readonly found: false; readonly missing: string }

const run = promisify(execFile)

const missing = (sentence: string): Probe => ({ found: false, missing: sentence })

interface ExecFailure {
  readonly code?: string | number
  readonly stderr?: string
}

/** The output of a command, or why there is none. */
const askNow = async (command: string, args: readonly string[]): Promise<string | Probe> => {
  try {
    return (await run(command, [...args], { timeout: 10_000 })).stdout.trim()
  } catch (error) {
    const { code, stderr = '' } = error as ExecFailure
    if (code === 'ENOENT') return missing(`${command} is not installed`)
    const reason = stderr.trim().split('\n')[0] ?? ''
    return missing(`${command} does not run: ${reason === '' ? `it exited with ${code}` : reason}`)
  }
}

/** By PATH and command: every suite of a run asks the same, and nobody installs anything meanwhile. */
const answers = new Map<string, Promise<string | Probe>>()

const ask = (command: string, args: readonly string[]): Promise<string | Probe> => {
  const key = JSON.stringify([process.env.PATH, command, args])
  const answer = answers.get(key) ?? askNow(command, args)
  answers.set(key, answer)
  return answer
}

/** A tool that is there or not, whatever it says of itself. */
export const probeCommand = async (command: string, argument: string): Promise<Probe> => {
  const answer = await ask(command, [argument])
  if (typeof answer === 'string') return { found: true, version: '' }
  return !answer.found && answer.missing.endsWith('is not installed')
    ? answer
    : { found: true, version: '' }
}

const phpQuestion = `
echo PHP_VERSION, " ", implode(",", array_diff(
  ["pdo_mysql", "pdo_sqlite", "session", "mbstring", "json"],
  array_map("strtolower", get_loaded_extensions())));`

/** PHP >= 7.4 with PDO for MariaDB and SQLite. */
export const probePhp = async (): Promise<Probe> => {
  const answer = await ask('php', ['-r', phpQuestion])
  if (typeof answer !== 'string') return answer
  const [version = '', lacking = ''] = answer.split(' ')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 7 || (major === 7 && minor < 4)) return missing(`php ${version} is older than 7.4`)
  if (lacking !== '') return missing(`php ${version} lacks ${lacking.replaceAll(',', ', ')}`)
  return { found: true, version }
}

/** Says the version, then what is lacking. macOS' crypt(3) knows no bcrypt. */
const rubyQuestion = `
lacking = %w[mysql2 openssl].reject { |name| begin; require name; true; rescue LoadError; false; end }
hash = begin; 'x'.crypt('$2y$04$' + 'a' * 22); rescue SystemCallError; ''; end
lacking << 'bcrypt in crypt(3)' unless hash.to_s.start_with?('$2y$')
print RUBY_VERSION, ' ', lacking.join(', ')`

/** Ruby >= 3.1 with mysql2, and puma. */
export const probeRuby = async (): Promise<Probe> => {
  const answer = await ask('ruby', ['-e', rubyQuestion])
  if (typeof answer !== 'string') return answer
  const [, version = '', lacking = ''] = /^(\S+) ?(.*)$/.exec(answer) ?? []
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 3 || (major === 3 && minor < 1)) return missing(`ruby ${version} is older than 3.1`)
  if (lacking !== '') return missing(`ruby ${version} lacks ${lacking}`)
  const puma = await ask('puma', ['--version'])
  return typeof puma === 'string' ? { found: true, version } : puma
}

/** Where Debian puts the server is not on everybody's PATH. */
const servers = ['mariadbd', '/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd'] as const

/** The command that starts MariaDB's server; null when there is none. */
export const findMariadb = async (): Promise<string | null> => {
  for (const server of servers) {
    if (typeof (await ask(server, ['--version'])) === 'string') return server
  }
  return null
}

/** The command that starts MySQL's server, instead of MariaDB, for all suites of a run. */
const mysqld = (): string | undefined => process.env.BANYAN_MYSQLD || undefined

export const isMysqlAsked = (): boolean => mysqld() !== undefined

/** The command that starts MySQL's server; null when it does not run. */
export const findMysql = async (): Promise<string | null> => {
  const server = mysqld()
  return server !== undefined && typeof (await ask(server, ['--version'])) === 'string'
    ? server
    : null
}

const versionOf = async (server: string): Promise<Probe> => {
  const banner = await ask(server, ['--version'])
  if (typeof banner !== 'string') return banner
  return { found: true, version: /Ver (\S+)/.exec(banner)?.[1] ?? '' }
}

/** MariaDB's server and the tool that makes a data directory; or MySQL, where the run asks for it. */
export const probeMariadb = async (): Promise<Probe> => {
  const other = mysqld()
  if (other !== undefined) return versionOf(other)
  const server = await findMariadb()
  if (server === null) return missing('mariadbd is not installed')
  // Every way to only ask it something exits with 1, or installs.
  const tool = await ask('sh', ['-c', 'command -v mariadb-install-db'])
  if (typeof tool !== 'string') return missing('mariadb-install-db is not installed')
  return versionOf(server)
}
