import { ok } from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, get, type Server } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describeWith } from './lab/left-out.ts'
import { probeCommand } from './lab/native.ts'

const run = promisify(execFile)
const cli = fileURLToPath(new URL('../proxy/cli.js', import.meta.url))
const slowhttptest = await probeCommand('slowhttptest', '-h')
const nginx = await probeCommand('nginx', '-v')

const freePort = async (): Promise<number> => {
  const server = createSocketServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** A thousand connections that send heads or bodies, or take answers, as slowly as they can. */
const attacks: Readonly<Record<string, readonly string[]>> = {
  'slow heads': ['-H', '-i', '5'],
  'slow bodies': ['-B', '-i', '5', '-s', '100000'],
  'slow reads': ['-X', '-w', '512', '-y', '1024', '-n', '5', '-z', '32', '-k', '3'],
}

const seconds = 10

/** A thousand sockets on few cores are so much noise to everybody. */
const noiseMs = 50

/** Milliseconds of one small request over a connection of its own; Infinity where there is no answer. */
const probe = (port: number): Promise<number> =>
  new Promise((resolve) => {
    const begin = performance.now()
    const asked = get({ host: '127.0.0.1', port, path: '/small', agent: false, timeout: 2_000 })
    asked.on('response', (answer) => {
      answer.resume()
      answer.on('end', () =>
        resolve(answer.statusCode === 200 ? performance.now() - begin : Infinity),
      )
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(Infinity))
  })

/** 99 of 100 probes are not slower while the attack runs. */
const p99Under = async (attack: readonly string[], port: number): Promise<number> => {
  const target = `http://127.0.0.1:${port}/large`
  const args = [...attack, '-c', '1000', '-r', '500', '-l', String(seconds), '-u', target]
  const attacker = run('slowhttptest', args, { maxBuffer: 64 * 1024 * 1024 }).catch(() => null)
  let isOver = false
  attacker.finally(() => {
    isOver = true
  })
  await sleep(3_000)
  const times: number[] = []
  while (!isOver) {
    times.push(await probe(port))
    await sleep(20)
  }
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)] ?? Infinity
}

describeWith({ slowhttptest, nginx }, 'a thousand slow clients', () => {
  let directory: string
  let origin: Server
  let children: ChildProcess[]
  let ports: { readonly banyan: number; readonly nginx: number }
  before(async () => {
    children = []
    directory = await mkdtemp(join(tmpdir(), 'banyan-slow-'))
    origin = createServer((request, response) => {
      request.resume()
      const body = request.url === '/small' ? Buffer.from('ok') : Buffer.alloc(65_536)
      if (request.method === 'POST') request.on('end', () => response.end(body))
      else response.end(body)
    })
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const { port } = origin.address() as AddressInfo
    ports = { banyan: await freePort(), nginx: await freePort() }
    const config = [
      `listen: { host: 127.0.0.1, port: ${ports.banyan}, drain: { delay: 0s, grace: 1s } }`,
      'admin: { port: 0 }',
      'log: { access: 0% }',
      'store: none',
      `upstreams: { php: { url: http://127.0.0.1:${port} } }`,
      'routes: { rest: { match: /*, legacy: php } }',
    ]
    await writeFile(join(directory, 'banyan.yaml'), config.join('\n'))
    const conf = `daemon off; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log;
events { worker_connections 4096; }
http { access_log off; client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/f; uwsgi_temp_path ${directory}/u; scgi_temp_path ${directory}/s;
  upstream o { server 127.0.0.1:${port}; keepalive 64; }
  server { listen 127.0.0.1:${ports.nginx} backlog=4096; location / { proxy_pass http://o; proxy_http_version 1.1; proxy_set_header Connection ""; } } }`
    await writeFile(join(directory, 'nginx.conf'), conf)
    const args = ['-p', directory, '-c', join(directory, 'nginx.conf')]
    children.push(spawn('nginx', args, { stdio: 'ignore' }))
    const serve = [cli, 'serve', '--config', join(directory, 'banyan.yaml')]
    const banyan = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(banyan)
    for await (const line of createInterface({ input: banyan.stdout }))
      if (line.includes('"listening"')) break
    banyan.stdout.resume()
    while ((await probe(ports.nginx)) === Infinity) await sleep(50)
  })
  after(async () => {
    for (const child of children) child.kill('SIGTERM')
    origin.closeAllConnections()
    origin.close()
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'close')))
    await rm(directory, { recursive: true, force: true })
  })

  for (const [name, attack] of Object.entries(attacks)) {
    it(`answers others in time under ${name}`, async () => {
      const besides = await p99Under(attack, ports.nginx)
      const own = await p99Under(attack, ports.banyan)
      const said = `p99 ${own.toFixed(1)} ms, behind nginx ${besides.toFixed(1)} ms`
      process.stdout.write(`      ${name}: ${said}\n`)
      ok(own < 200 && own <= Math.max(noiseMs, 3 * besides), said)
    })
  }
})
