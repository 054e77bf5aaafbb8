import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import type { Config, UpstreamConfig } from './config/config.ts'
import { plainListen, plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'

const to = (url: string, changes: Partial<UpstreamConfig> = {}): Config['upstreams'] => ({
  php: plainUpstream([url], changes),
})

describe('createProxy', () => {
  let origin: LabOrigin | null = null
  let lab: ProxyLab | null = null
  afterEach(async () => {
    await lab?.close()
    await origin?.close()
    lab = null
    origin = null
  })
  /** A port on which nobody listens. */
  const freePort = async (): Promise<number> => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    return port
  }
  const problemOf = async (upstreams: Config['upstreams']) => {
    lab = await startProxy({ upstreams })
    const { status, headers, text } = await lab.ask()
    equal(headers['content-type'], 'application/problem+json')
    const { type, requestId } = JSON.parse(text) as { type: string; requestId: string }
    match(requestId, /^[0-9a-f]{16}-1$/)
    return { status, type, proxyStatus: headers['proxy-status'], retry: headers['retry-after'] }
  }

  it('gives what legacy gives', async () => {
    origin = await createOrigin(() => reply('203 Fine', ['X-One: 1', 'x-one: 2'], 'legacy'))
    lab = await startProxy({ upstreams: to(origin.url) })
    const { status, headers, text } = await lab.ask({ method: 'POST', path: '/a?b', body: 'c' })
    deepEqual([status, headers['x-one'], text], [203, '1, 2', 'legacy'])
    equal(headers.date, undefined)
    const [asked] = origin.requests
    equal(asked?.line, 'POST /a?b HTTP/1.1')
  })

  it('answers 502 where nobody listens', async () => {
    const { status, type, proxyStatus } = await problemOf(
      to(`http://127.0.0.1:${await freePort()}`),
    )
    deepEqual(
      [status, type, proxyStatus],
      [502, 'urn:banyan:error:connection_refused', 'banyan; error=connection_refused'],
    )
  })

  it('answers 504 when the upstream does not answer in time', async () => {
    origin = await createOrigin(() => {})
    const timeouts = { connectMs: 1_000, firstByteMs: 50, idleMs: 1_000, totalMs: 1_000 }
    const { status, type } = await problemOf(to(origin.url, { timeouts }))
    deepEqual([status, type], [504, 'urn:banyan:error:http_response_timeout'])
  })

  it('answers 503 with Retry-After when too many wait for the upstream', async () => {
    origin = await createOrigin(() => {})
    const pool = { connections: 1, maxPending: 0, queueTimeoutMs: 1_000, keepAliveMs: 1_000 }
    lab = await startProxy({ upstreams: to(origin.url, { pool }) })
    const first = lab.ask()
    await origin.next()
    const { status, headers } = await lab.ask()
    deepEqual([status, headers['retry-after']], [503, '1'])
    const broken = rejects(first)
    await lab.close()
    await broken
    lab = null
  })

  it('answers 404 to what no route takes, and counts it under _unmatched', async () => {
    origin = await createOrigin(() => reply('200 OK'))
    const routes = [plainRoute('one', { match: { path: '/one' }, modern: null })]
    lab = await startProxy({ upstreams: to(origin.url), routes })
    const { status, text } = await lab.ask({ path: '/two' })
    deepEqual([status, JSON.parse(text).type], [404, 'urn:banyan:error:destination_not_found'])
    const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    match(page, /banyan_requests_total\{route="_unmatched",.*status_class="4xx".*\} 1\n/)
  })

  it('counts what the parser refuses under _refused', async () => {
    origin = await createOrigin(() => reply('200 OK'))
    lab = await startProxy({ upstreams: to(origin.url) })
    const socket = createConnection(lab.port, '127.0.0.1')
    socket.write('NONSENSE\r\n\r\n')
    socket.resume()
    await once(socket, 'close')
    const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    match(page, /banyan_requests_total\{route="_refused",.*status_class="4xx".*\} 1\n/)
    equal(origin.requests.length, 0)
  })

  it('says who answered and why, to trusted peers that ask', async () => {
    origin = await createOrigin(() => reply('200 OK', [], 'x'))
    lab = await startProxy({ upstreams: to(origin.url) })
    const asked = { headers: { 'x-banyan-explain': '1' } }
    const { headers } = await lab.ask(asked)
    const { 'x-banyan-revision': revision, 'x-banyan-route': route } = headers
    const { 'x-banyan-target': target, 'x-banyan-reason': reason } = headers
    deepEqual([revision, route, target, reason], [lab.config.revision, 'rest', 'legacy', 'stage'])
    equal((await lab.ask()).headers['x-banyan-route'], undefined)
    ok(!JSON.stringify(origin.requests).includes('x-banyan-explain'))
  })

  it('goes on serving while it drains, and says that it does', async () => {
    origin = await createOrigin(() => reply('200 OK', [], 'x'))
    const listen = plainListen({ drain: { delayMs: 300, graceMs: 1_000 } })
    lab = await startProxy({ upstreams: to(origin.url), listen })
    const { adminUrl, proxy, ask } = lab
    equal((await fetch(`${adminUrl}/readyz`)).status, 200)
    const drained = proxy.drain()
    equal((await fetch(`${adminUrl}/readyz`)).status, 503)
    const { status, headers } = await ask()
    deepEqual([status, headers.connection], [200, 'close'])
    await drained
    await rejects(ask(), { code: 'ECONNREFUSED' })
  })

  it('tells the upstream that the client has gone', async () => {
    origin = await createOrigin(() => {})
    lab = await startProxy({ upstreams: to(origin.url) })
    const socket = createConnection(lab.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const asked = await origin.next()
    const closed = once(asked.socket, 'close')
    socket.destroy()
    await closed
  })

  it('breaks the client off where the upstream breaks off', async () => {
    origin = await createOrigin(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => socket.destroy())
    })
    lab = await startProxy({ upstreams: to(origin.url) })
    await rejects(lab.ask(), { code: 'ECONNRESET' })
  })

  it('gives every client a whole answer or a 502 when the upstream is killed, and recovers', async () => {
    const answer = (): Buffer => reply('200 OK', [], 'x'.repeat(100))
    origin = await createOrigin(answer)
    const { port } = origin
    const retry = { queueTimeoutMs: 2_000, connections: 4, maxPending: 64, keepAliveMs: 4_000 }
    lab = await startProxy({ upstreams: to(origin.url, { pool: retry }) })
    const { ask } = lab
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    const seen = new Set<number>()
    let stop = false
    const load = Array.from({ length: 8 }, async () => {
      while (!stop) seen.add((await ask({ agent })).status)
    })
    while (!seen.has(200)) await new Promise(setImmediate)
    await origin.close()
    while (!seen.has(502)) await new Promise(setImmediate)
    seen.clear()
    const back = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', () => socket.write(answer()))
    }).listen(port, '127.0.0.1')
    await once(back, 'listening')
    while (!seen.has(200)) await new Promise(setImmediate)
    stop = true
    await Promise.all(load)
    agent.destroy()
    deepEqual(
      [...seen].filter((status) => status !== 200 && status !== 502),
      [],
    )
    await lab.close()
    back.close()
    lab = null
    origin = null
  })
})
