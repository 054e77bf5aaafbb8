/** Banyan as an operator runs it: the command, a config file of its own, a process of its own. */
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReloadOutcome } from '../../proxy/admin/change-paths.ts'
import type { RouteStatus } from '../../proxy/admin/status.ts'
import { editRoute } from '../../proxy/config/edit.ts'
import { packageRoot } from '../../proxy/package-root.ts'
import type { Stage } from '../../proxy/stage.ts'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import type { World } from './world.ts'

const cli = fileURLToPath(new URL('../../proxy/cli.js', import.meta.url))
const handlers = fileURLToPath(new URL('../../routes/app.js', import.meta.url))

export interface Flip {
  readonly stage: Stage
  /** Basis points. */
  readonly weightBp?: number
}

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Banyan extends Omit<Child, 'port'> {
  readonly url: string
  readonly adminUrl: string
  readonly configFile: string
  /** Edits the stages of these routes in the file and has it read at once. */
  flip(routes: Readonly<Record<string, Flip>>): Promise<ReloadOutcome>
  /** Runs `banyan ARGS… --config FILE` with the environment of this world. */
  command(...args: readonly string[]): Promise<CommandResult>
  routes(): Promise<readonly RouteStatus[]>
}

/** The worked example's config, fit to be read from another directory. */
export const exampleConfig = (): string =>
  readFileSync(join(packageRoot(), 'config/banyan.yaml'), 'utf8').replace(
    '../dist/routes/app.js',
    handlers,
  )

/**
 * The same with every route at `legacy`: what a world compares, it says itself. No balancer has to
 * notice that it ends, and nobody is left to wait for.
 */
const quietConfig = (): string =>
  exampleConfig()
    .replaceAll('stage: shadow', 'stage: legacy')
    .replace(/^listen:\n/m, 'listen:\n  drain: { delay: 0s, grace: 0s }\n')

/** What of a world Banyan is told. */
export interface Surroundings extends Pick<World, 'dir' | 'jwtSecret'> {
  readonly database: Pick<World['database'], 'url'>
  readonly php: Pick<World['php'], 'url'>
  readonly ruby: Pick<World['ruby'], 'url'>
}

export interface BanyanOptions {
  /** A file to serve from as it stands; default: a copy of the worked example's, all at `legacy`. */
  readonly configFile?: string
  /** Default: free ones. */
  readonly ports?: { readonly listen: number; readonly admin: number }
  readonly env?: Readonly<Record<string, string>>
  /** For Node itself, before the command. */
  readonly nodeArgs?: readonly string[]
}

/** What the config takes from the environment. */
export const environmentOf = (
  world: Surroundings,
  ports: { readonly listen: number; readonly admin: number },
): Readonly<Record<string, string>> => ({
  BANYAN_PORT: String(ports.listen),
  BANYAN_ADMIN_PORT: String(ports.admin),
  BANYAN_STATE_DIR: join(world.dir, 'state'),
  BANYAN_PHP_URL: world.php.url,
  BANYAN_RUBY_URL: world.ruby.url,
  DATABASE_URL: world.database.url,
  JWT_SECRET: world.jwtSecret,
  // The least there is, as the legacies of a lab have it.
  BCRYPT_COST: '4',
})

const json = async <Value>(answer: Response): Promise<Value> => {
  if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Value
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandResult> =>
  new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? 1)
      resolve({ code, stdout, stderr })
    })
  })

/** Rejects with Banyan's own words when it does not start. */
export const startBanyan = async (
  world: Surroundings,
  options: BanyanOptions = {},
): Promise<Banyan> => {
  const dir = join(world.dir, 'banyan')
  mkdirSync(dir, { recursive: true })
  const configFile = options.configFile ?? join(dir, 'banyan.yaml')
  if (options.configFile === undefined) writeFileSync(configFile, quietConfig())
  const ports = options.ports ?? { listen: await freePort(), admin: await freePort() }
  const env = { ...environmentOf(world, ports), ...options.env }
  const child = await startChild({
    name: 'banyan',
    dir,
    port: ports.listen,
    program: {
      command: () => [
        process.execPath,
        ...(options.nodeArgs ?? []),
        ...[cli, 'serve', '--config', configFile],
      ],
      ready: /listening on https?:\/\/[^:]+:(\d+)/,
      env,
    },
  })
  const adminUrl = `http://127.0.0.1:${ports.admin}`
  return {
    ...child,
    url: `http://127.0.0.1:${child.port}`,
    adminUrl,
    configFile,
    async flip(routes) {
      let text = readFileSync(configFile, 'utf8')
      for (const [id, change] of Object.entries(routes)) {
        text = editRoute(text, id, change)?.text ?? text
      }
      writeFileSync(configFile, text)
      const headers = { 'content-type': 'application/json' }
      const reload = { method: 'POST', headers, body: '{}' }
      const answer = await fetch(`${adminUrl}/v1/config:reload`, reload)
      // A rejected file is an outcome too; it comes as a problem with the same diagnostics.
      if (answer.status !== 422) return json<ReloadOutcome>(answer)
      return { ...((await answer.json()) as ReloadOutcome), result: 'rejected' }
    },
    command: (...args) => run([...args, '--config', configFile], { ...process.env, ...env }),
    routes: async () =>
      (await json<{ routes: RouteStatus[] }>(await fetch(`${adminUrl}/v1/routes`))).routes,
  }
}
