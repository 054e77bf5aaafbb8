import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { readAll } from './edge/edge-lab.ts'
import { plainListen, plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'

/** An origin that echoes over WebSocket and says its name over HTTP. */
const startEcho = async (name: string): Promise<{ server: Server; url: string }> => {
  const server = createServer((_request, response) => response.end(name))
  const echo = new WebSocketServer({ server })
  echo.on('connection', (socket, { headers }) => {
    socket.send(`${name} ${headers['x-forwarded-for']} ${headers['x-banyan-target']}`)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe('upgrades', () => {
  let legacy: Awaited<ReturnType<typeof startEcho>>
  let modern: Awaited<ReturnType<typeof startEcho>>
  let lab: ProxyLab
  before(async () => {
    legacy = await startEcho('legacy')
    modern = await startEcho('modern')
  })
  after(() => {
    for (const { server } of [legacy, modern]) {
      server.close()
      server.closeAllConnections()
    }
  })
  beforeEach(async () => {
    lab = await startProxy({
      listen: plainListen({ drain: { delayMs: 0, graceMs: 100 } }),
      log: { level: 'info', accessBp: 10_000, query: 'redact' },
      upstreams: {
        php: plainUpstream([legacy.url]),
        node: plainUpstream([modern.url], { name: 'node' }),
      },
      routes: [
        plainRoute('chat', { match: { path: '/chat' }, stage: 'modern', modern: 'node' }),
        plainRoute('feed', { match: { path: '/feed' }, stage: 'modern', modern: 'handlers' }),
        plainRoute('old', { match: { path: '/old/*' }, modern: null }),
      ],
    })
  })
  afterEach(() => lab.close())
  const open = (path: string, headers: Readonly<Record<string, string>> = {}): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${lab.port}${path}`, { headers })
  const greeting = async (socket: WebSocket): Promise<string> => {
    const [data] = (await once(socket, 'message')) as [Buffer]
    return data.toString()
  }

  for (const [path, name] of [
    ['/old/x', 'legacy'],
    ['/chat', 'modern'],
    ['/feed', 'legacy'],
  ] as const) {
    it(`joins ${path} with ${name}, both ways`, async () => {
      const socket = open(path, { 'x-banyan-target': 'legacy' })
      equal(await greeting(socket), `${name} 127.0.0.1 undefined`)
      const payload = Buffer.alloc(200_000, 'x')
      socket.send(payload)
      const [back] = (await once(socket, 'message')) as [Buffer]
      deepEqual(back, payload)
      equal(lab.proxy.status.process().tunnelsInFlight, 1)
      socket.close()
      await once(socket, 'close')
    })
  }

  it('counts a tunnel once it is over', async () => {
    const socket = open('/old/x')
    await greeting(socket)
    socket.close()
    await once(socket, 'close')
    while (!lab.heard.some(({ event }) => event === 'request')) await new Promise(setImmediate)
    const line = lab.heard.find(({ event }) => event === 'request')
    deepEqual([line?.fields.route, line?.fields.status], ['old', 101])
  })

  it('answers 404 where no route takes it', async () => {
    const [, response] = (await once(open('/none'), 'unexpected-response')) as [
      unknown,
      { statusCode: number; headers: Record<string, string> },
    ]
    deepEqual(
      [response.statusCode, response.headers['content-type']],
      [404, 'application/problem+json'],
    )
  })

  it('serves an offer of another protocol as an ordinary request', async () => {
    const socket = createConnection(lab.port, '127.0.0.1')
    const upgrade = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n'
    socket.write(`GET /old/x HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n`)
    socket.write('GET /old/y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    match(await readAll(socket), /^HTTP\/1.1 200 .*legacy.*HTTP\/1.1 200 .*legacy/s)
  })

  it('survives an upgrade that waits for 100 Continue', async () => {
    const socket = createConnection(lab.port, '127.0.0.1')
    const lines = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket', 'Expect: 100-continue']
    socket.write(`GET /old/x HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    const [first] = (await once(socket, 'data')) as [Buffer]
    match(first.toString(), /^HTTP\/1.1 200 /)
    socket.destroy()
  })

  it('ends tunnels after the grace of a drain', async () => {
    const socket = open('/old/x')
    await greeting(socket)
    const closed = once(socket, 'close')
    await lab.proxy.drain()
    await closed
  })
})
