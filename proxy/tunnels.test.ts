import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { createOrigin, type LabOrigin } from '../contract-tests/lab/origin.ts'
import { readAll } from './edge/edge-lab.ts'
import { plainListen, plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'

interface Named {
  readonly server: Server
  readonly url: string
  /** Codes of Close that its tunnels heard. */
  readonly closed: number[]
}

/** An origin that says its name to every WebSocket. */
const startNamed = async (name: string): Promise<Named> => {
  const closed: number[] = []
  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    socket.on('close', (code) => closed.push(code))
    socket.send(name)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, closed }
}

const plain = plainListen({ drain: { delayMs: 0, graceMs: 50 } })

describe('tunnels', () => {
  let legacy: Named
  let modern: Named
  let deaf: LabOrigin
  let lab: ProxyLab
  before(async () => {
    legacy = await startNamed('legacy')
    modern = await startNamed('modern')
    deaf = await createOrigin(({ socket, line }) => {
      if (line.includes('/foo'))
        return 'HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\n'
      return void socket.end()
    })
  })
  after(async () => {
    for (const { server } of [legacy, modern]) {
      server.close()
      server.closeAllConnections()
    }
    await deaf.close()
  })
  beforeEach(async () => {
    const { breaker } = plainRoute('any')
    const route = (id: string, about: Parameters<typeof plainRoute>[1]) =>
      plainRoute(id, { match: { path: `/${id}` }, modern: 'node', ...about })
    lab = await startProxy({
      listen: { ...plain, upgrades: ['websocket', 'foo'], limits: { ...plain.limits, tunnels: 2 } },
      log: { level: 'info', accessBp: 10_000, query: 'redact' },
      upstreams: {
        php: plainUpstream([legacy.url]),
        node: plainUpstream([modern.url], { name: 'node' }),
        deaf: plainUpstream([deaf.url], { name: 'deaf' }),
      },
      routes: [
        route('legacy', { stage: 'legacy' }),
        route('shadow', { stage: 'shadow' }),
        route('none', { stage: 'canary', weightBp: 0 }),
        route('all', { stage: 'canary', weightBp: 10_000 }),
        route('modern', { stage: 'modern' }),
        route('retired', { stage: 'retired', legacy: null }),
        route('dead', {
          stage: 'modern',
          modern: 'deaf',
          breaker: { ...breaker, minimumCalls: 3 },
        }),
        route('foo', { stage: 'legacy', legacy: 'deaf', modern: null }),
      ],
    })
  })
  afterEach(() => lab.close())
  const open = (path: string): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${lab.port}/${path}`, { headers: { 'x-user-id': 'u1' } })
  const greeting = async (socket: WebSocket): Promise<string> =>
    String((await once(socket, 'message'))[0])
  const metrics = async (): Promise<string> => (await fetch(`${lab.adminUrl}/metrics`)).text()

  for (const [stage, name] of [
    ['legacy', 'legacy'],
    ['shadow', 'legacy'],
    ['none', 'legacy'],
    ['all', 'modern'],
    ['modern', 'modern'],
    ['retired', 'modern'],
  ] as const) {
    it(`go to ${name} on the route "${stage}"`, async () => {
      const socket = open(stage)
      equal(await greeting(socket), name)
      socket.close()
      await once(socket, 'close')
    })
  }

  it('go to legacy once a breaker has seen enough of them fail', async () => {
    const statuses: unknown[] = []
    for (let times = 0; times < 3; times++) {
      const [, response] = (await once(open('dead'), 'unexpected-response')) as [
        unknown,
        { statusCode: number; resume(): void },
      ]
      response.resume()
      statuses.push(response.statusCode)
    }
    deepEqual(statuses, [502, 502, 502])
    const socket = open('dead')
    equal(await greeting(socket), 'legacy')
    socket.close()
    await once(socket, 'close')
  })

  it('are limited in number: what is too many is told to come back', async () => {
    const first = [open('legacy'), open('modern')]
    await Promise.all(first.map(greeting))
    const socket = createConnection(lab.port, '127.0.0.1')
    const lines = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket']
    socket.write(`GET /legacy HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    match(await readAll(socket), /^HTTP\/1\.1 503 .*\r\nRetry-After: 1\r\n/s)
    first[0]?.close()
    await once(first[0] as WebSocket, 'close')
    while (lab.proxy.status.process().tunnelsInFlight > 1) await new Promise(setImmediate)
    const again = open('legacy')
    await greeting(again)
    const page = await metrics()
    match(page, /^banyan_tunnels_in_flight 2$/m)
    match(page, /^banyan_tunnels_opened_total\{upstream="php"\} 2$/m)
    match(page, /^banyan_tunnels_ended_total\{upstream="php",ending="limit"\} 1$/m)
    match(page, /^banyan_tunnels_ended_total\{upstream="php",ending="client"\} 1$/m)
  })

  it('carry every protocol that the config names', async () => {
    const socket = createConnection(lab.port, '127.0.0.1')
    socket.write('GET /foo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\nearly')
    const [head] = (await once(socket, 'data')) as [Buffer]
    match(String(head), /^HTTP\/1\.1 101 .*\r\nUpgrade: foo\r\n/s)
    socket.end(' late')
    const { body, head: asked } = deaf.requests.at(-1) ?? {}
    match(asked ?? '', /\r\nUpgrade: foo$/m)
    equal(String(await body), 'early late')
  })

  it('hear that Banyan goes away, on both sides, and are counted', async () => {
    const socket = open('modern')
    await greeting(socket)
    const closed = once(socket, 'close')
    deepEqual(await lab.proxy.drain(), { streams: 0, tunnels: 1 })
    equal((await closed)[0], 1001)
    equal(modern.closed.at(-1), 1001)
  })
})
