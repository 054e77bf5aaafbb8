import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { packageRoot } from '../../proxy/package-root.ts'

/** A proxy under load, in a process of its own, so that its cost can be told from the load's. */
export interface Contender {
  readonly name: string
  readonly port: number
  /** Seconds of CPU that the process has used so far, user and system. */
  cpu(): number
  /** Resident bytes now. */
  rss(): number
  close(): void
}

const root = packageRoot()
const peers = join(root, 'contract-tests/bench/peers')
/** Clock ticks in a second, as Linux counts them in /proc (getconf CLK_TCK). */
const ticks = 100

/** Fields of /proc/PID/stat after the command's name, which may itself hold spaces. */
const stat = (pid: number): string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

const contender = (name: string, child: ChildProcess, port: number): Contender => {
  const pid = child.pid
  if (pid === undefined) throw new Error(`${name} did not start`)
  return {
    name,
    port,
    cpu: () => (Number(stat(pid)[11]) + Number(stat(pid)[12])) / ticks,
    rss: () => Number(stat(pid)[21]) * 4096,
    close: () => child.kill('SIGKILL'),
  }
}

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

/** Installs the peers on their first use; needs the network, prints what it does. */
export const installPeers = (say: (line: string) => void): void => {
  if (existsSync(join(peers, 'node_modules'))) return
  say('installing the peers (once)')
  execFileSync('npm', ['install', '--no-package-lock', '--ignore-scripts', '--no-audit'], {
    cwd: peers,
    stdio: 'ignore',
  })
}

export const startPeer = (name: string, origin: number): Promise<Contender> =>
  forked(name, join(peers, `${name}.mjs`), { ORIGIN: `http://127.0.0.1:${origin}` })

/**
 * Banyan as an operator runs it: the command, a config file, metrics and breakers on, the access
 * log sampled at 1 %.
 *
 * @param url what it must answer with 2xx before it counts as started
 */
export const startBanyan = async (config: string, url: string): Promise<Contender> => {
  const cli = join(root, 'dist/proxy/cli.js')
  const child = spawn(process.execPath, [cli, 'serve', '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const port = Number(new URL(url).port)
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(url).catch(() => null)
    await answer?.arrayBuffer()
    if (answer?.ok === true) return contender('banyan', child, port)
    await wait(50)
  }
  child.kill('SIGKILL')
  throw new Error('banyan did not answer within 10 s')
}
