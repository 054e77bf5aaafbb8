import { deepEqual, equal } from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, createServer, get, type Server } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { drainServer } from './drain.ts'

const calm = new AbortController().signal

describe('drainServer', () => {
  let server: Server
  let port: number
  let isDraining: boolean
  let release: () => void
  beforeEach(async () => {
    isDraining = false
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    server = createServer(async (request, response) => {
      if (request.url === '/slow') await held
      if (isDraining) response.setHeader('Connection', 'close')
      response.end('ok')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  const drain = (timing: { delayMs: number; graceMs: number }, hurry: AbortSignal = calm) => {
    isDraining = true
    const rest = { sessions: null, closeTunnels: () => 0, finishStreams: () => 0 }
    return drainServer({ server, timing, hurry, ...rest })
  }
  const ask = (agent: Agent | false, path = '/'): Promise<number> =>
    new Promise((resolve, reject) => {
      get({ port, agent, path }, (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.on('error', reject)
      }).on('error', reject)
    })

  it('goes on serving before it stops listening', async () => {
    const drained = drain({ delayMs: 100, graceMs: 1_000 })
    equal(await ask(false), 200)
    await drained
    equal(server.listening, false)
  })

  it('serves what comes over an idle connection after it has stopped listening', async () => {
    const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
    await Promise.all(agents.map((agent) => ask(agent)))
    const drained = drain({ delayMs: 0, graceMs: 5_000 })
    while (server.listening) await new Promise(setImmediate)
    const statuses = await Promise.all(agents.map((agent) => ask(agent)))
    deepEqual([...new Set(statuses)], [200])
    await drained
  })

  it('waits for what is in flight', async () => {
    const slow = ask(false, '/slow')
    await once(server, 'request')
    const drained = drain({ delayMs: 0, graceMs: 5_000 })
    release()
    equal(await slow, 200)
    await drained
  })

  it('breaks off what is in flight after its grace, and at once when hurried', async () => {
    for (const hurried of [false, true]) {
      const hurry = new AbortController()
      const slow = ask(false, '/slow').catch((error: NodeJS.ErrnoException) => error.code)
      await once(server, 'request')
      const drained = drain({ delayMs: 0, graceMs: hurried ? 60_000 : 50 }, hurry.signal)
      if (hurried) hurry.abort()
      equal(await slow, 'ECONNRESET')
      await drained
      if (!hurried) {
        server.listen(port, '127.0.0.1')
        await once(server, 'listening')
      }
    }
  })

  it('closes connections that say nothing', async () => {
    const idle = createConnection(port, '127.0.0.1')
    await once(idle, 'connect')
    const closed = once(idle, 'close')
    idle.resume()
    await drain({ delayMs: 0, graceMs: 20 })
    await closed
    release()
  })
})
