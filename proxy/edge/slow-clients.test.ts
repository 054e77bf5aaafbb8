import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createConnection } from 'node:net'
import { type ProxyLab, startProxy } from '../proxy-lab.ts'
import { readAll } from './edge-lab.ts'
import { plainListen, plainUpstream } from './plain-config.ts'

const limits = { ...plainListen().limits, headerTimeoutMs: 300, keepAliveMs: 5_000 }

describe('limits on clients', () => {
  let origin: Server
  let lab: ProxyLab
  /** Requests that the origin has begun to answer. */
  let asked: string[]
  let release: () => void
  let connections: Socket[]
  const start = async (more: Partial<typeof limits> & Record<string, number>) => {
    const { port } = origin.address() as AddressInfo
    const upstreams = { php: plainUpstream([`http://127.0.0.1:${port}`]) }
    lab = await startProxy({ upstreams, listen: plainListen({ limits: { ...limits, ...more } }) })
  }
  const connect = (bytes: string): Socket => {
    const socket = createConnection(lab.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(bytes)
    connections.push(socket)
    return socket
  }
  const hits = async (limit: string): Promise<number> => {
    const text = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    return Number(new RegExp(`limit_hits_total\\{limit="${limit}"\\} (\\d+)`).exec(text)?.[1])
  }
  const inFlightOf = (name: string): number | undefined =>
    lab.proxy.status.upstreams().find((each) => each.name === name)?.inFlight

  beforeEach(async () => {
    asked = []
    connections = []
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    origin = createServer(async (request, response) => {
      asked.push(request.url ?? '')
      request.resume()
      if (request.url === '/held') await held
      else if (request.method === 'POST') await once(request, 'end').catch(() => {})
      if (request.url === '/large') return void response.end(Buffer.alloc(64 * 1024 * 1024))
      response.end('ok')
    })
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
  })
  afterEach(async () => {
    for (const socket of connections) socket.destroy()
    release()
    await lab.close()
    origin.closeAllConnections()
    origin.close()
  })

  it('gives the second request of a connection no more time for its head than the first', async () => {
    await start({})
    const socket = connect('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(socket, 'data')
    socket.write('GET /second HTTP/1.1\r\nHost: a\r\n')
    match(await readAll(socket), /^HTTP\/1.1 408 .*client_timeout/s)
    deepEqual(asked, ['/'])
  })

  it('asks no target before a small body is here, and answers 408 when it does not come', async () => {
    await start({})
    const socket = connect('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc')
    match(await readAll(socket), /^HTTP\/1.1 408 .*client_timeout/s)
    deepEqual(asked, [])
  })

  it('answers 408 to a large upload that stands still, and releases its target', async () => {
    await start({ bodyIdleMs: 200 })
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n'
    const socket = connect(head + 'a'.repeat(100_000))
    match(await readAll(socket), /^HTTP\/1.1 408 .*\r\nConnection: close\r\n/s)
    equal(inFlightOf('php'), 0)
    equal(await hits('bodyIdle'), 1)
  })

  it('answers 408 to an upload that trickles below its rate', async () => {
    await start({ bodyIdleMs: 200, bodyRateBytes: 1_000 })
    const socket = connect('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    const trickle = setInterval(() => socket.write('1\r\na\r\n'), 20)
    match(await readAll(socket), /^HTTP\/1.1 408 /)
    clearInterval(trickle)
  })

  it('does not hurry a client whose upload it is the target that does not take', async () => {
    await start({ bodyIdleMs: 50 })
    const length = 8 * 1024 * 1024
    const socket = connect(`POST /held HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`)
    origin.once('request', (request) => request.pause())
    socket.write(Buffer.alloc(length))
    while (asked.length === 0) await new Promise(setImmediate)
    // Long enough for several windows to be judged.
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    equal(socket.destroyed, false)
    equal(await hits('bodyIdle'), 0)
  })

  it('cuts a client that takes nothing of its answer, and releases its target', async () => {
    await start({ writeIdleMs: 200 })
    const socket = connect('GET /large HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.pause()
    while ((await hits('writeIdle')) === 0) await new Promise((resolve) => setTimeout(resolve, 50))
    while (inFlightOf('php') !== 0) await new Promise(setImmediate)
    socket.resume()
    await once(socket, 'close')
  })

  it('closes connections above their number, and takes others once there is room', async () => {
    await start({ connections: 1 })
    const first = connect('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(first, 'data')
    equal((await readAll(connect('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))).replace('<reset>', ''), '')
    equal(await hits('connections'), 1)
    first.destroy()
    while ((await lab.ask().catch(() => null))?.status !== 200) await new Promise(setImmediate)
  })

  it('answers 503 at once to requests above their number, and probes as ever', async () => {
    await start({ inFlight: 1 })
    const first = lab.ask({ path: '/held' })
    while (asked.length === 0) await new Promise(setImmediate)
    const { status, headers, text } = await lab.ask({ method: 'POST', body: 'abc' })
    equal(status, 503)
    equal(headers['retry-after'], '1')
    match(text, /in_flight_limit_reached/)
    equal((await fetch(`${lab.adminUrl}/readyz`)).status, 200)
    release()
    equal((await first).status, 200)
    equal((await lab.ask()).status, 200)
    equal(await hits('inFlight'), 1)
  })
})
