import { deepEqual, equal, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type ProxyLab, startProxy } from '../proxy-lab.ts'
import { plainRoute } from '../routing/plain-route.ts'
import { plainListen, plainUpstream } from './plain-config.ts'
import { writeSelfSigned } from './self-signed.ts'

const frames = { headers: 1, reset: 3, settings: 4, goaway: 7 } as const

const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** `GET https://a/`, of the static table: RFC 7541 appendix A. */
const plainGet = Buffer.from([0x82, 0x87, 0x84, 0x01, 0x01, 0x61])
/** `:status: 200`; no byte of other fields here is this one. */
const status200 = 0x88

interface RawClient {
  readonly socket: TLSSocket
  /** Streams by what came first for them: 200, another status or an end. */
  readonly answers: Map<number, 'ok' | 'other'>
  /** The last stream of each GOAWAY. */
  readonly goaways: number[]
  ask(): void
}

/** Asks even when it has been told to leave, as what is on its way does. */
const rawClient = async (port: number, ca: string): Promise<RawClient> => {
  const socket = connectTls({ port, host: '127.0.0.1', ca, ALPNProtocols: ['h2'] })
  socket.on('error', () => {})
  const answers: RawClient['answers'] = new Map()
  const goaways: number[] = []
  let unread: Buffer = Buffer.alloc(0)
  let asked = 0
  const hear: Readonly<Record<number, (stream: number, payload: Buffer) => unknown>> = {
    [frames.goaway]: (_stream, payload) => goaways.push(payload.readUInt32BE(0)),
    [frames.headers]: (stream, payload) =>
      answers.set(stream, payload.includes(status200) ? 'ok' : 'other'),
    [frames.reset]: (stream) => answers.set(stream, 'other'),
  }
  socket.on('data', (bytes: Buffer) => {
    unread = Buffer.concat([unread, bytes])
    while (unread.length >= 9) {
      const end = 9 + unread.readUIntBE(0, 3)
      if (unread.length < end) return
      hear[unread.readUInt8(3)]?.(unread.readUInt32BE(5), unread.subarray(9, end))
      unread = unread.subarray(end)
    }
  })
  await once(socket, 'secureConnect')
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(frame(frames.settings, 0, 0, Buffer.alloc(0)))
  const endOfAll = 0x05
  return {
    socket,
    answers,
    goaways,
    ask() {
      socket.write(frame(frames.headers, endOfAll, 1 + 2 * asked, plainGet))
      asked += 1
    },
  }
}

describe('a drain under HTTP/2', () => {
  const { cert, key, pem } = writeSelfSigned()
  let origin: Server
  let lab: ProxyLab
  let heard: number
  beforeEach(async () => {
    heard = 0
    origin = createServer((_request, response) => {
      heard += 1
      response.end('ok')
    })
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const { port } = origin.address() as AddressInfo
    lab = await startProxy({
      upstreams: { php: plainUpstream([`http://127.0.0.1:${port}`]) },
      routes: [plainRoute('rest', { modern: null })],
      listen: plainListen({ tls: { cert, key }, drain: { delayMs: 200, graceMs: 5_000 } }),
    })
  })
  afterEach(async () => {
    await lab.close()
    origin.closeAllConnections()
    origin.close()
  })

  it('answers what it has taken, and says at once of all else that it was not', async () => {
    const client = await rawClient(lab.port, pem)
    const { answers, goaways, socket } = client
    client.ask()
    while (answers.size === 0) await once(socket, 'data')
    const over = once(socket, 'close')
    const drained = lab.proxy.drain()
    client.ask()
    while (goaways.length === 0) await once(socket, 'data')
    for (let late = 0; late < 20; late += 1) client.ask()
    await Promise.all([drained, over])
    const taken = ((goaways[0] ?? 0) + 1) / 2
    deepEqual([...new Set(goaways)], [2 * taken - 1])
    deepEqual(
      [...answers],
      Array.from({ length: taken }, (_, at) => [2 * at + 1, 'ok']),
    )
    equal(heard, taken)
  })

  it('tells an idle session, and ends it well before its grace is over', async () => {
    const session = connect(lab.url, { ca: pem })
    await once(session, 'remoteSettings')
    const closed = once(session, 'close')
    const begin = performance.now()
    await lab.proxy.drain()
    await closed
    ok(performance.now() - begin < 4_000)
  })
})
