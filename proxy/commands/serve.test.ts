import { deepEqual, equal, match } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))

interface Line {
  readonly event: string
  readonly [field: string]: unknown
}

/** A drain gives connections that nobody uses a second. */
const leaving = { headers: { connection: 'close' } }

/** `banyan serve` as a process of its own. */
interface Served {
  readonly child: ChildProcess
  readonly errors: () => string
  /** Resolves with the next line of the log that tells of this event. */
  line(event: string): Promise<Line>
  ended(): Promise<number | null>
}

const serve = (file: string): Served => {
  const args = [cli, 'serve', '--config', file]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  let errors = ''
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text) as Line)
    for (const look of waiting) look()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  return {
    child,
    errors: () => errors,
    line: (event) =>
      new Promise((resolve) => {
        const look = (): void => {
          const at = lines.findIndex((line) => line.event === event)
          if (at === -1) return
          waiting.delete(look)
          resolve(lines.splice(0, at + 1).at(-1) as Line)
        }
        waiting.add(look)
        look()
      }),
    async ended() {
      if (child.exitCode !== null) return child.exitCode
      const [code] = (await once(child, 'close')) as [number | null]
      return code
    },
  }
}

describe('banyan serve', function () {
  this.timeout(30_000)
  let directory: string
  let file: string
  let served: Served | null = null
  let taken: Server | null = null
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'banyan serve '))
    file = join(directory, 'banyan.yaml')
  })
  afterEach(async () => {
    served?.child.kill('SIGKILL')
    served = null
    taken?.close()
    taken = null
    await rm(directory, { recursive: true, force: true })
  })
  const write = (route: string, listen = 'port: 0', more = ''): Promise<void> =>
    writeFile(
      file,
      [
        `listen: { host: 127.0.0.1, ${listen}, drain: { delay: 10ms, grace: 1s } }`,
        'admin: { port: 0 }',
        'upstreams: { php: { url: http://127.0.0.1:9 } }',
        `routes: { ${route}: { match: /*, legacy: php } }`,
        more,
      ].join('\n'),
    )

  it('says where it listens, and drains on SIGTERM', async () => {
    await write('rest')
    served = serve(file)
    const { url, adminUrl, lastGood } = await served.line('listening')
    equal((await fetch(`${url}/`, leaving)).status, 502)
    equal((await fetch(`${adminUrl}/readyz`)).status, 200)
    equal(lastGood, false)
    served.child.kill('SIGTERM')
    equal(await served.ended(), 0)
    match(served.errors(), /banyan: listening on http:\/\/127.0.0.1:\d+, admin on http:/)
  })

  it('has what handlers print and warn of as lines of its log', async () => {
    const koa = JSON.stringify(import.meta.resolve('koa'))
    const module = [
      `import Koa from ${koa}`,
      `console.log('Executing (default): SELECT 1')`,
      `for (const why of ['too old', 'too old', 'too slow'])`,
      `  process.emitWarning(why, { type: 'Careful', code: 'SEQUELIZE0006' })`,
      'export const createApp = () => ({ app: new Koa(), close() {} })',
    ]
    await writeFile(join(directory, 'app.mjs'), module.join('\n'))
    await write('rest', 'port: 0', 'handlers: { module: app.mjs }')
    const text = (await readFile(file, 'utf8')).replace(
      'legacy: php }',
      'legacy: php, modern: handlers, stage: modern, run: inline, effects: read }',
    )
    await writeFile(file, text.replace('match: /*', 'match: GET /*'))
    served = serve(file)
    equal((await served.line('process_output')).line, 'Executing (default): SELECT 1')
    for (const expected of ['too old', 'too slow']) {
      const { name, code, why } = await served.line('process_warning')
      deepEqual([name, code, why], ['Careful', 'SEQUELIZE0006', expected])
    }
    equal(served.errors().includes('SEQUELIZE0006'), false)
  })

  it('takes a good config up and lets a bad one be', async () => {
    await write('rest')
    served = serve(file)
    const { adminUrl } = await served.line('listening')
    const routes = async (): Promise<readonly string[]> => {
      const answer = (await (await fetch(`${adminUrl}/v1/routes`)).json()) as {
        routes: { id: string }[]
      }
      return answer.routes.map(({ id }) => id)
    }
    await write('renamed')
    served.child.kill('SIGHUP')
    await served.line('config_applied')
    deepEqual(await routes(), ['renamed'])
    await write('again', 'port: 0', 'nonsense: 1')
    const reload = await fetch(`${adminUrl}/v1/config:reload`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    })
    equal(reload.status, 422)
    await served.line('config_rejected')
    deepEqual(await routes(), ['renamed'])
  })

  it('starts with the last good config when the file is broken, and without one it does not', async () => {
    await write('rest', 'port: 0', 'nonsense: 1')
    served = serve(file)
    equal(await served.ended(), 1)
    match(served.errors(), /banyan\.yaml:5:1 {2}error {2}BC1101/)

    await write('rest')
    served = serve(file)
    await served.line('listening')
    served.child.kill('SIGTERM')
    await served.ended()
    await write('rest', 'port: 0', 'nonsense: 1')
    served = serve(file)
    equal((await served.line('listening')).lastGood, true)
    match(served.errors(), /serving the last good config/)
  })

  it('exits 3 and names the key when the port is taken', async () => {
    taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    await write('rest', `port: ${port}`)
    served = serve(file)
    equal(await served.ended(), 3)
    match(served.errors(), /another process has this port; listen\.port names another one/)
  })

  it('exits 1 for a config that is valid and cannot be served', async () => {
    await writeFile(join(directory, 'a.pem'), 'no certificate')
    await write('rest', 'port: 0, tls: { cert: a.pem, key: a.pem }')
    served = serve(file)
    equal(await served.ended(), 1)
    match(served.errors(), /listen\.tls: .* cannot be used/)
  })

  it('ends with 1 after a fault that nobody caught, once it is drained', async () => {
    const handlers = join(directory, 'handlers.mjs')
    const lines = [
      "export const build = 'b'",
      'const use = () => setTimeout(() => { throw new Error("boom") }, 1)',
      'const callback = () => (_request, response) => { use(); response.end("ok") }',
      'export const createApp = () => ({ app: { callback, on() {} }, close: async () => {} })',
    ]
    await writeFile(handlers, lines.join('\n'))
    await write('rest')
    const config = [
      'listen: { host: 127.0.0.1, port: 0, drain: { delay: 10ms, grace: 1s } }',
      'admin: { port: 0 }',
      'upstreams: { php: { url: http://127.0.0.1:9 } }',
      'handlers: { module: handlers.mjs }',
      'routes: { rest: { match: /*, modern: handlers, legacy: php, effects: read, stage: modern } }',
    ]
    await writeFile(file, config.join('\n'))
    served = serve(file)
    const { url } = await served.line('listening')
    equal(await (await fetch(`${url}/`, leaving)).text(), 'ok')
    equal((await served.line('fault')).why, 'nobody caught it: the process ends')
    equal(await served.ended(), 1)
  })
})
