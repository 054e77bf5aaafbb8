/** Proxies under load, each a process of its own, so that its cost can be told from the load's. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { packageRoot } from '../../proxy/package-root.ts'
import { banyanConfig, haproxyConfig, nginxConfig } from './contender-configs.ts'

export interface Contender {
  readonly name: string
  readonly pid: number
  readonly port: number
  close(): void
}

export const peers: string = join(packageRoot(), 'contract-tests/bench/peers')
const ownBuild = join(import.meta.dirname, '../..')

const contender = (name: string, child: ChildProcess, port: number): Contender => {
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} did not start`)
  return { name, pid, port, close: () => child.kill('SIGKILL') }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })

const forked = (name: string, file: string, env: NodeJS.ProcessEnv): Promise<Contender> => {
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('message', (said: { port: number }) => resolve(contender(name, child, said.port)))
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)))
  })
}

/** Starts the origin that every contender sends to. */
export const startOrigin = (): Promise<Contender> =>
  forked('origin', join(import.meta.dirname, 'origin.js'), {})

export const nodePeers = ['http-proxy', 'httpxy', 'fast-proxy', 'reply-from', 'undici'] as const

/**
 * Installs the peers on their first use, as their lockfile has them; says what it does.
 *
 * @throws Error where npm cannot
 */
export const installPeers = (say: (line: string) => void): void => {
  const { dependencies } = JSON.parse(readFileSync(join(peers, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  const isThere = ([name, version]: [string, string]): boolean => {
    const file = join(peers, 'node_modules', name, 'package.json')
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version
  }
  if (Object.entries(dependencies).every(isThere)) return
  say(`installing the peers into ${peers} (once; needs the network)`)
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peers,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) {
    throw new Error('npm could not install the peers; --peers none measures without them')
  }
}

export const startPeer = (name: string, origin: number): Promise<Contender> =>
  forked(name, join(peers, `${name}.mjs`), { ORIGIN: `http://127.0.0.1:${origin}` })

/** Resolves once the child answers. */
const started = async (name: string, child: ChildProcess, port: number): Promise<Contender> => {
  const url = `http://127.0.0.1:${port}/api/articles`
  for (let tries = 0; tries < 600 && child.exitCode === null; tries++) {
    const answer = await fetch(url).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok === true) return contender(name, child, port)
    await wait(50)
  }
  child.kill('SIGKILL')
  throw new Error(`${name} did not answer within 30 s`)
}

export interface BanyanOptions {
  /** An empty directory for config and state. */
  readonly directory: string
  readonly origin: number
  /** Routes besides the two that the requests need. */
  readonly routes: number
  /** The folder of a build; default: the one that this file is in. */
  readonly build?: string | undefined
  /** Of Node. */
  readonly flags?: readonly string[]
}

/** What a config needs to know of where it runs. */
export interface Place {
  readonly port: number
  readonly adminPort: number
}

export interface Banyan extends Contender {
  /** In the text format of Prometheus. */
  metrics(): Promise<string>
}

/** Banyan as an operator runs it: the command and a config file. */
export const startBanyanWith = async (
  name: string,
  given: (place: Place) => string,
  options: Pick<BanyanOptions, 'directory' | 'build' | 'flags'> & {
    readonly env?: NodeJS.ProcessEnv
  },
): Promise<Banyan> => {
  const { directory, build = ownBuild, flags = [], env = {} } = options
  const place = { port: await freePort(), adminPort: await freePort() }
  mkdirSync(directory, { recursive: true })
  const config = join(directory, 'banyan.yaml')
  writeFileSync(config, given(place))
  const args = [...flags, join(build, 'proxy/cli.js'), 'serve', '--config', config]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    ...(await started(name, child, place.port)),
    metrics: async () => (await fetch(`http://127.0.0.1:${place.adminPort}/metrics`)).text(),
  }
}

/** Banyan with metrics and breakers on, the access log sampled at 1 %. */
export const startBanyan = (name: string, options: BanyanOptions): Promise<Contender> =>
  startBanyanWith(name, (place) => banyanConfig({ ...place, ...options }), options)

const isInstalled = (command: string): boolean =>
  spawnSync(command, ['-v'], { stdio: 'ignore' }).status === 0

/** nginx and haproxy, one process and one thread each, where they are installed and wanted. */
export const startServers = async (
  directory: string,
  origin: number,
  isWanted: (name: string) => boolean,
): Promise<Contender[]> => {
  const found: Contender[] = []
  for (const [name, config, args] of [
    ['nginx', nginxConfig, ['-p', directory, '-c']],
    ['haproxy', haproxyConfig, ['-db', '-f']],
  ] as const) {
    if (!isWanted(name) || !isInstalled(name)) continue
    const port = await freePort()
    const file = join(directory, `${name}.conf`)
    writeFileSync(file, config({ port, origin, directory }))
    const child = spawn(name, [...args, file], { stdio: 'ignore' })
    found.push(await started(name, child, port))
  }
  return found
}
