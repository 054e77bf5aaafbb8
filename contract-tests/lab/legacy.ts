/** The sample legacies as running servers, native or embedded, behind one handle. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../proxy/package-root.ts'
import { type Child, startChild } from './child.ts'
import type { Program } from './launch.ts'

/** `native`: what the machine has installed. `embedded`: WebAssembly in a Node process. */
export type LegacyForm = 'native' | 'embedded'

export interface LegacyOptions {
  /** `sqlite:/absolute/file.db` or `mysql://user:password@host:port/name`, migrated already. */
  readonly databaseUrl: string
  /** Shared by all who issue or read tokens. */
  readonly jwtSecret: string
  readonly form: LegacyForm
  /** Directory of this run: sessions and pid files go there. */
  readonly dir: string
}

export interface Legacy extends Omit<Child, 'port'> {
  /** Origin, without a slash at the end; the same after a restart. */
  readonly url: string
  readonly form: LegacyForm
}

/** The least there is: nothing that a lab keeps is worth a longer wait. */
const bcryptCost = '4'

type Environment = Readonly<Record<string, string>>

const sample = (language: 'php' | 'ruby'): string =>
  join(packageRoot(), 'legacy-adapters', language, 'sample')

const nativePhp = (env: Environment): Program => ({
  command: (port) => [
    // As in production: to compile the sample anew for each request is half of what it costs.
    ...['php', '-q', '-d', 'opcache.enable_cli=1'],
    // Without a php.ini, PHP would begin the answer with what it thinks of a body that is too large.
    ...['-d', 'display_errors=0', '-S', `127.0.0.1:${port}`],
    ...['-t', join(sample('php'), 'public'), join(sample('php'), 'router.php')],
  ],
  ready: /Development Server \(http:\/\/127\.0\.0\.1:(\d+)\) started/,
  env: { ...env, PHP_CLI_SERVER_WORKERS: '4' },
})

const nativeRuby = (env: Environment): Program => ({
  command: (port) => [
    ...['puma', '--bind', `tcp://127.0.0.1:${port}`, '--threads', '1:5'],
    ...['--environment', 'production', 'config.ru'],
  ],
  ready: /Listening on (?:http|tcp):\/\/127\.0\.0\.1:(\d+)/,
  env,
  cwd: sample('ruby'),
})

/**
 * What runs for minutes is not worth compiling twice: half of the processor time from the start to
 * the hundredth request, and still a fifth less at the eight hundredth (measured on Node 20).
 */
const compileOnce = '--liftoff-only'

const embeddedPhp = (env: Environment): Program => ({
  module: new URL('../../legacy-adapters/php/embedded/host.js', import.meta.url),
  execArgv: [compileOnce],
  env,
})

const embeddedRuby = (env: Environment): Program => ({
  module: new URL('../../legacy-adapters/ruby/embedded/host.js', import.meta.url),
  execArgv: [compileOnce, '--disable-warning=ExperimentalWarning'],
  env,
})

const programs = {
  php: { native: nativePhp, embedded: embeddedPhp },
  ruby: { native: nativeRuby, embedded: embeddedRuby },
} as const

/** A server that listens but cannot reach its database is of no use to anybody. */
const checkStatus = async (url: string, child: Child): Promise<void> => {
  const answer = await fetch(`${url}/status`)
  if (answer.ok) return
  await child.close()
  throw new Error(`${url}/status answers ${answer.status}\n${child.log()}`)
}

const startLegacy = async (language: 'php' | 'ruby', options: LegacyOptions): Promise<Legacy> => {
  const { databaseUrl, jwtSecret, form, dir } = options
  const sessions = join(dir, 'sessions')
  mkdirSync(sessions, { recursive: true, mode: 0o700 })
  const env = {
    DATABASE_URL: databaseUrl,
    JWT_SECRET: jwtSecret,
    SESSION_PATH: sessions,
    BCRYPT_COST: bcryptCost,
  }
  const program = programs[language][form](env)
  const child = await startChild({ name: language, program, dir })
  const url = `http://127.0.0.1:${child.port}`
  await checkStatus(url, child)
  return { ...child, url, form }
}

/** Articles, tags, stats and the HTML site. Rejects with the server's log when it does not start. */
export const startPhp = (options: LegacyOptions): Promise<Legacy> => startLegacy('php', options)

/** Users and profiles. Native Ruby reads MariaDB only, embedded Ruby SQLite only. */
export const startRuby = (options: LegacyOptions): Promise<Legacy> => startLegacy('ruby', options)
