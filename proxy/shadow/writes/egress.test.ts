import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

const egress = new URL('./egress.js', import.meta.url).href

/** What a handler may do, as it would write it. */
// biome-ignore format: a table reads best as a table
const ways: readonly (readonly [string, string, RegExp])[] = [
  ['fetch',           `await fetch('http://127.0.0.1:65001/')`,                                         /connection to 127.0.0.1:65001/],
  ['node:http',       `const http = await import('node:http'); await new Promise((done, no) => http.get('http://127.0.0.1:9/', done).on('error', no))`, /connection/],
  ['a socket',        `const { connect } = await import('node:net'); await new Promise((done, no) => connect(9, '127.0.0.1', done).on('error', no))`, /connection/],
  ['a unix socket',   `const { connect } = await import('node:net'); await new Promise((done, no) => connect('/tmp/none', done).on('error', no))`, /connection to \/tmp\/none/],
  ['a datagram',      `const { createSocket } = await import('node:dgram'); createSocket('udp4').send('x', 9)`, /datagram/],
  ['a child process', `const { spawn } = await import('node:child_process'); spawn('true')`,        /process/],
  ['a forked one',    `const { execFileSync } = await import('node:child_process'); execFileSync('true')`, /process/],
  ['a shell',         `const { exec } = await import('node:child_process'); exec('TOKEN=abc  mail to')`, /process \(mail\)/],
  ['a bare process',  `const { ChildProcess } = await import('node:child_process'); new ChildProcess().spawn({ file: 'true', args: [] })`, /process/],
  ['a binding',       `process.binding('spawn_sync')`,                                                  /binding \(spawn_sync\)/],
  ['a name',          `const { lookup } = await import('node:dns/promises'); await lookup('secret.example')`, /name of a host/],
  ['a resolver',      `const { Resolver } = await import('node:dns'); await new Promise((done, no) => new Resolver().resolve4('secret.example', no))`, /name of a host/],
  ['an inspector',    `const { open } = await import('node:inspector'); open(0)`,                       /inspector/],
  ['a debugger',      `const { Session } = await import('node:inspector'); new Session().connectToMainThread()`, /inspector/],
  ['its handle',      `const { ChildProcess } = await import('node:child_process'); new ChildProcess()._handle.spawn({ file: 'true' })`, /process/],
  ['a thread',        `const { Worker } = await import('node:worker_threads'); new Worker('1', { eval: true })`, /thread/],
  ['a server',        `const { createServer } = await import('node:net'); createServer().listen(0)`, /server/],
]

interface Tried {
  readonly error: string
  readonly taken: readonly string[]
}

const runIn = async (
  code: string,
  reachable: readonly string[],
): Promise<Tried & { requests: readonly string[] }> => {
  const script = `
    const { parentPort } = require('node:worker_threads')
    const run = async () => {
      const { guardEgress } = await import(${JSON.stringify(egress)})
      const guard = guardEgress(${JSON.stringify(reachable)})
      let error = ''
      try { ${code} } catch (thrown) { error = String(thrown.cause ?? thrown) }
      const refused = guard.take()
      parentPort.postMessage({ error, taken: refused.map(({ what }) => what), requests: refused.flatMap(({ requests }) => requests) })
    }
    run()`
  const worker = new Worker(script, { eval: true })
  const [found] = await once(worker, 'message')
  await worker.terminate()
  return found
}

const tryIn = async (code: string, reachable: readonly string[] = []): Promise<Tried> => {
  const { error, taken } = await runIn(code, reachable)
  return { error, taken }
}

// biome-ignore format: a table reads best as a table
const intents: readonly (readonly [string, string, string])[] = [
  ['fetch',      `await fetch('http://127.0.0.1:65001/users/7?page=2', { method: 'POST', body: '{}' })`, 'POST http://127.0.0.1:65001/users/7?page=…'],
  ['node:http',  `const http = await import('node:http'); await new Promise((done, no) => http.get('http://u:p@127.0.0.1:9/reset/k1?a', done).on('error', no))`, 'GET http://127.0.0.1:9/reset/…?…'],
  ['node:https', `const https = await import('node:https'); await new Promise((done, no) => https.request({ host: 'mail.internal', path: '/v1', method: 'PUT' }, done).on('error', no).end('x'))`, 'PUT https://mail.internal/v1'],
]

describe('a lane of shadows', () => {
  for (const [title, code, expected] of intents)
    it(`notes the request that ${title} was refused, without what may be secret`, async () => {
      deepEqual((await runIn(code, [])).requests, [expected])
    }).timeout(10_000)

  it('notes where a datagram was to go', async () => {
    const code = `const { createSocket } = await import('node:dgram'); createSocket('udp4').send('x', 0, 1, 8125, 'statsd.internal', () => {})`
    deepEqual((await tryIn(code)).taken, ['a datagram to statsd.internal:8125'])
  }).timeout(10_000)

  for (const [title, code, expected] of ways) {
    it(`lets nothing out by ${title}, and notes it`, async () => {
      const { error, taken } = await tryIn(code)
      match(error, /may not reach out/)
      equal(taken.length > 0, true)
      match(taken.join(), expected)
    }).timeout(10_000)
  }

  const named = ['localhost', '127.0.0.2:65001']
  // biome-ignore format: a table reads best as a table
  const through: readonly (readonly [string, string])[] = [
    ['a connection', `const net = await import('node:net'); const server = net.createServer(); await new Promise((done) => guard.allow(() => server.listen(0, 'localhost', done))); await new Promise((done, no) => net.connect(server.address().port, 'localhost', done).on('error', no))`],
    ['a datagram',   `const { createSocket } = await import('node:dgram'); await new Promise((done, no) => createSocket('udp4').send('x', 65001, '127.0.0.2', (error) => error ? no(error) : done()))`],
    ['a socket that is connected', `const { createSocket } = await import('node:dgram'); const socket = createSocket('udp4'); socket.on('error', () => {}); await new Promise((done) => socket.connect(65001, '127.0.0.2', done)); await new Promise((done, no) => socket.send('x', (error) => error ? no(error) : done()))`],
    ['a name',       `const { lookup } = await import('node:dns/promises'); await lookup('localhost')`],
  ]
  for (const [title, code] of through)
    it(`lets ${title} through to what the config names`, async () => {
      deepEqual(await tryIn(code, named), { error: '', taken: [] })
    }).timeout(10_000)

  it('lets nothing through to another port of it', async () => {
    const code = `const net = await import('node:net'); await new Promise((done, no) => net.connect(65002, '127.0.0.2', done).on('error', no))`
    deepEqual((await tryIn(code, named)).taken, ['a connection to 127.0.0.2:65002'])
  }).timeout(10_000)

  it('names the program of a shell, and nothing of the variables that are set for it', async () => {
    const code = `const { exec } = await import('node:child_process'); exec("A='my own secret' B=\\"of two\\"'s' mail to")`
    deepEqual((await tryIn(code)).taken, ['a process (mail)'])
    const unclosed = `const { exec } = await import('node:child_process'); exec("A='my own secret")`
    deepEqual((await tryIn(unclosed)).taken, ['a process (…)'])
  }).timeout(10_000)

  it('names the host whose name was asked for', async () => {
    const code = `const { resolve4 } = await import('node:dns/promises'); await resolve4('mail.internal')`
    deepEqual((await tryIn(code)).taken, ['a name of a host (mail.internal)'])
  }).timeout(10_000)

  it('takes nothing that is sent for the place where it goes', async () => {
    const code = `const { createSocket } = await import('node:dgram'); createSocket('udp4').send('secret', '9', 'a.b')`
    deepEqual((await tryIn(code)).taken, ['a datagram to a.b:9'])
  }).timeout(10_000)

  it('keeps what was refused apart from many requests that are let through', async () => {
    const code = `
      const { createServer } = await import('node:http')
      const server = createServer((_, answer) => answer.end())
      await new Promise((done) => guard.allow(() => server.listen(0, 'localhost', done)))
      for (let at = 0; at < 25; at++) await fetch('http://localhost:' + server.address().port)
      await fetch('http://127.0.0.1:65001/last')`
    deepEqual((await runIn(code, ['localhost'])).requests, ['GET http://127.0.0.1:65001/last'])
  }).timeout(10_000)

  it('lets the driver look up its host', async () => {
    const code = `const net = await import('node:net'); await new Promise((done) => guard.allow(() => net.connect(9, 'localhost')).on('error', done).on('connect', done))`
    deepEqual(await tryIn(code), { error: '', taken: [] })
  }).timeout(10_000)

  it('lets the driver connect', async () => {
    const code = `const net = await import('node:net'); await new Promise((done) => guard.allow(() => net.connect(9, '127.0.0.1')).on('error', done).on('connect', done))`
    deepEqual(await tryIn(code), { error: '', taken: [] })
  }).timeout(10_000)
})
