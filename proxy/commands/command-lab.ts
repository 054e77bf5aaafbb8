/** A world for commands: what they print is kept, files lie in a folder of their own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { createProxy, type Proxy as Running } from '../proxy.ts'
import { silentLog } from '../telemetry/log.ts'
import type { Common, Exit, Io } from './io.ts'

export interface Ran {
  readonly code: Exit
  readonly out: string
  readonly err: string
}

/** Runs a command in a world without colours, environment and network, but for `changes`. */
export const run = async (
  command: (io: Io) => Promise<Exit>,
  changes: Partial<Io> = {},
): Promise<Ran> => {
  const out: string[] = []
  const err: string[] = []
  const stop = new AbortController()
  const code = await command({
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    color: false,
    terminal: false,
    width: 100,
    size: () => ({ columns: 100, rows: 40 }),
    env: {},
    fetch,
    now: Date.now,
    stop: () => stop.signal,
    wait: async () => stop.abort(),
    ...changes,
  })
  return { code, out: out.join(''), err: err.join('') }
}

export interface Folder {
  readonly path: string
  /** Writes a file and says where. */
  write(name: string, text: string): string
  remove(): void
}

export const createFolder = (): Folder => {
  const path = mkdtempSync(join(tmpdir(), 'banyan-command-'))
  return {
    path,
    write(name, text) {
      writeFileSync(join(path, name), text)
      return join(path, name)
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Three routes: one that nobody has moved, one at canary, one that matches the rest. */
export const plainFile = `# kept
listen: { port: 0 }
admin: { port: 0 }
stateDir: state
upstreams:
  php: { url: http://127.0.0.1:9 }
  ts: { url: http://127.0.0.1:9 }
routes:
  articles.list: { match: GET /articles, legacy: php, modern: ts, effects: read, stage: legacy } # one line
  articles.get: { match: "GET /articles/:slug", legacy: php, modern: ts, effects: read, stage: canary, weight: 50% }
  rest: { match: /*, legacy: php }
`

export const common = (config: string, json = false): Common => ({ config, json })

/** A proxy that serves the file, its admin port wherever the kernel said. */
export const startProxy = async (
  path: string,
): Promise<{ readonly proxy: Running; readonly adminUrl: string }> => {
  const load = async () => {
    const { config } = await loadConfig(path, { env: {}, adapters: null })
    if (config === null) throw new Error(`${path} is wrong`)
    return config
  }
  const reloads = () => ({ file: path, appliedAt: '', rejected: null })
  const proxy: Running = createProxy(
    { config: await load(), reloads, reread: async () => proxy.reload(await load()) },
    { log: silentLog, nodeMetrics: false },
  )
  const { adminUrl } = await proxy.start()
  return { proxy, adminUrl }
}

/** Whether a text holds anything that a terminal obeys. */
export const drivesTerminal = (text: string): boolean =>
  ['\u001b', '\u009b', '\u202e'].some((char) => text.includes(char))
