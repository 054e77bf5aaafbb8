/** `banyan serve --workers` as an operator runs it, and clients that never stop asking. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { WorkerStatus } from './crew.ts'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))

export interface Line {
  readonly event: string
  readonly [field: string]: unknown
}

export interface WorkersLab {
  readonly file: string
  readonly child: ChildProcess
  readonly errors: () => string
  /** The next line of the log, in any process, that tells of this event. */
  line(event: string): Promise<Line>
  ended(): Promise<number | null>
  ask(path: string): Promise<string>
  json<Body>(path: string): Promise<Body>
  change(method: string, path: string, body: object): Promise<number>
  workers(): Promise<readonly WorkerStatus[]>
  /** Waits for the line of the process that serves. */
  url(): Promise<string>
  write(changes?: LabConfig): Promise<void>
  handlers(build: string): Promise<void>
  close(): Promise<void>
}

export interface LabConfig {
  readonly port?: number
  readonly tag?: string
  readonly module?: string
  /** Stands in place of all of it. */
  readonly text?: string
}

/** Answers with the process that answers, and the build. */
const handlersText = (build: string): string => `
export const build = '${build}'
const answer = (request, response) => {
  if (request.url === '/hang') return process.stderr.write('hangs\\n')
  setTimeout(() => response.end(process.pid + ' ${build}'), 2)
}
export const createApp = () => ({ app: { callback: () => answer, on() {} }, close: async () => {} })
`

const configText = ({ port = 0, tag = 'first', module = 'handlers.mjs' }: LabConfig): string =>
  [
    `listen: { host: 127.0.0.1, port: ${port}, drain: { delay: 10ms, grace: 5s } }`,
    'admin: { port: 0 }',
    'log: { level: info }',
    'upstreams: { php: { url: http://127.0.0.1:9 } }',
    `handlers: { module: ${module} }`,
    'routes:',
    '  rest:',
    ...['match: /*', 'modern: handlers', 'legacy: php', 'effects: read', 'stage: modern'].map(
      (line) => `    ${line}`,
    ),
    `    tags: [${tag}]`,
    '    sample: 0%',
  ].join('\n')

const createLines = (child: ChildProcess, errors: () => string): WorkersLab['line'] => {
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line
      if (line.event === 'request') return
      lines.push(line)
      for (const look of waiting) look()
    })
  }
  return (event) =>
    new Promise((resolve, reject) => {
      child.once('close', () => reject(new Error(`ended before "${event}": ${errors()}`)))
      const look = (): void => {
        const at = lines.findIndex((line) => line.event === event)
        if (at === -1) return
        waiting.delete(look)
        resolve(lines.splice(at, 1)[0] as Line)
      }
      waiting.add(look)
      look()
    })
}

export const startWorkers = async (
  workers: number,
  config: LabConfig = {},
): Promise<WorkersLab> => {
  const directory = await mkdtemp(join(tmpdir(), 'banyan workers '))
  const file = join(directory, 'banyan.yaml')
  const write = (changes: LabConfig = {}): Promise<void> =>
    writeFile(file, config.text ?? configText({ ...config, ...changes }))
  const handlers = (build: string): Promise<void> =>
    writeFile(join(directory, 'handlers.mjs'), handlersText(build))
  await write()
  await handlers('a')
  const args = [cli, 'serve', '--workers', String(workers), '--config', file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  child.setMaxListeners(0)
  const line = createLines(child, () => errors)
  const closed = once(child, 'close')
  let listening: Promise<Line> | null = null
  const places = (): Promise<Line> => {
    listening ??= line('listening')
    return listening
  }
  const ask = async (path: string): Promise<string> =>
    (await fetch(`${(await places()).adminUrl}${path}`)).text()
  const json = async <Body>(path: string): Promise<Body> => JSON.parse(await ask(path)) as Body
  return {
    ...{ file, child, line, ask, json, write, handlers, errors: () => errors },
    url: async () => String((await places()).url),
    ended: async () => ((await closed) as [number | null])[0],
    async change(method, path, body) {
      const headers = { 'Content-Type': 'application/json' }
      const { adminUrl } = await places()
      const answer = await fetch(`${adminUrl}${path}`, {
        method,
        headers,
        body: JSON.stringify(body),
      })
      return answer.status
    },
    workers: async () => (await json<{ workers: readonly WorkerStatus[] }>('/v1/status')).workers,
    async close() {
      child.kill('SIGKILL')
      await closed
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export interface Load {
  readonly answers: number
  /** What clients saw that was no answer of 200. */
  readonly problems: readonly string[]
  /** Bodies of the answers, each once. */
  readonly bodies: ReadonlySet<string>
}

/** Keeps connections busy until the returned function is called, which waits for the last answers. */
export const beginLoad = (url: string, connections: number): (() => Promise<Load>) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const problems: string[] = []
  const bodies = new Set<string>()
  let answers = 0
  let going = true
  const once200 = (): Promise<void> =>
    new Promise((resolve) => {
      const asked = get(url, { agent }, (answer) => {
        let body = ''
        if (answer.statusCode !== 200) problems.push(`status ${answer.statusCode}`)
        answer.on('data', (chunk: Buffer) => {
          body += chunk.toString()
        })
        answer.on('end', () => {
          answers += 1
          bodies.add(body)
        })
        answer.on('error', () => problems.push('cut'))
        answer.on('close', resolve)
      })
      asked.on('error', (error: NodeJS.ErrnoException) => {
        problems.push(error.code ?? error.message)
        resolve()
      })
    })
  const client = async (): Promise<void> => {
    while (going) await once200()
  }
  const clients = Array.from({ length: connections }, client)
  return async () => {
    going = false
    await Promise.all(clients)
    agent.destroy()
    return { answers, problems, bodies }
  }
}
