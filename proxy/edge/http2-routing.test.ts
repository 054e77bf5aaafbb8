import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ProxyLab, startProxy } from '../proxy-lab.ts'
import { plainRoute } from '../routing/plain-route.ts'
import { plainListen, plainUpstream } from './plain-config.ts'
import { writeSelfSigned } from './self-signed.ts'

const ask = async (
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
): Promise<IncomingHttpHeaders> => {
  const stream = session.request({ ':path': '/', 'x-banyan-explain': '1', ...headers })
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders]
  stream.resume()
  return head
}

describe('routing under HTTP/2', () => {
  const { cert, key, pem } = writeSelfSigned()
  let origin: Server
  let lab: ProxyLab
  let session: ClientHttp2Session
  before(async () => {
    origin = createServer((_request, response) => response.end('ok'))
    origin.on('upgrade', (_request, socket) => {
      socket.on('error', () => {})
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n')
      socket.write('Upgrade: websocket\r\n\r\nhello')
    })
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`
    const caller = [{ from: 'cookie', name: 'session' }] as const
    const split = { stage: 'canary', weightBp: 5_000, caller } as const
    lab = await startProxy({
      upstreams: { php: plainUpstream([url]), next: plainUpstream([url], { name: 'next' }) },
      routes: [plainRoute('rest', { ...split, legacy: 'php', modern: 'next' })],
      force: {
        ...{ header: 'x-banyan-target', cookie: 'banyan_target', keyEnv: 'NONE' },
        ...{ maxAgeMs: 3_600_000, allowUnsignedFrom: ['127.0.0.1'] },
      },
      listen: plainListen({ tls: { cert, key }, trustedProxies: ['127.0.0.1'] }),
    })
    session = connect(lab.url, { ca: pem })
    session.on('error', () => {})
  })
  after(async () => {
    session.destroy()
    await lab.close()
    origin.closeAllConnections()
    origin.close()
  })

  it('obeys force, and explains itself', async () => {
    for (const target of ['legacy', 'modern']) {
      const head = await ask(session, { 'x-banyan-target': target })
      deepEqual([head['x-banyan-target'], head['x-banyan-reason']], [target, 'forced'])
    }
  })

  it('keeps every caller with one target, though cookies come in crumbs', async () => {
    const targets = new Set<unknown>()
    for (let caller = 0; caller < 12; caller += 1) {
      const whole = await ask(session, { cookie: `a=1; session=${caller}` })
      const crumbs = await ask(session, { cookie: ['a=2', `session=${caller}`] })
      equal(crumbs['x-banyan-target'], whole['x-banyan-target'])
      targets.add(whole['x-banyan-target'])
    }
    equal(targets.size, 2)
  })

  it('opens a WebSocket on the same port for a client that speaks HTTP/1.1', async () => {
    const socket = connectTls({
      ...{ port: lab.port, host: '127.0.0.1', ca: pem },
      ALPNProtocols: ['http/1.1'],
    })
    socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n')
    socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n')
    let text = ''
    while (!text.endsWith('hello')) text += String((await once(socket, 'data'))[0])
    match(text, /^HTTP\/1\.1 101 /)
    socket.destroy()
  })
})
