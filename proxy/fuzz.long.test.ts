import { deepEqual, equal, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer, type Server } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'

const answers = [
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 099 X\r\n',
  'HTTP/1.1 101 S\r\n',
  'HTTP/1.0 200\r\n',
  'HTTP/1.1 103 E\r\n\r\n',
  'HTTP/1.1 304 N\r\n',
  'HTTP/1.1 999 N\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Trailer: x\r\n',
  'Connection: close\r\n',
  'Connection: Upgrade\r\nUpgrade: websocket\r\n',
  'X: \xff\x01\r\n',
  '\r\n',
  'hello',
  '5\r\nhello\r\n',
  '0\r\n\r\n',
  '0\r\nX: y\r\n\r\n',
  '\0',
]
const lines = [
  'GET / HTTP/1.1\r\n',
  'POST /a HTTP/1.1\r\n',
  'HEAD / HTTP/1.1\r\n',
  'GET / HTTP/1.0\r\n',
  'OPTIONS * HTTP/1.1\r\n',
  'GET http://a/ HTTP/1.1\r\n',
  'CONNECT a:1 HTTP/1.1\r\n',
]
const headers = [
  'Host: a\r\n',
  'Host: a\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Expect: 100-continue\r\n',
  'Expect: x\r\n',
  'Trailer: x\r\n',
  'TE: trailers\r\n',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
  'Connection: upgrade\r\nUpgrade: h2c\r\n',
  'Connection: close\r\n',
  'X: \xff\r\n',
  '\0',
]
const bodies = ['\r\n', '\r\n', '\r\n', 'hello', '5\r\nhello\r\n', '0\r\n\r\n', '0\r\nX: y\r\n\r\n']

const pick = (from: readonly string[]): string =>
  from[Math.floor(Math.random() * from.length)] ?? ''
const some = (from: readonly string[], most: number): string =>
  Array.from({ length: Math.floor(Math.random() * most) }, () => pick(from)).join('')

/** Whatever it is asked, it says anything at all, and hangs up as it likes. */
const startNonsense = async (): Promise<Server> => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => {
      const first = Math.random() < 0.5 ? answers[0] : ''
      socket.write(Buffer.from(`${first}${some(answers, 8)}`, 'latin1'), () => {
        const dice = Math.random()
        if (dice < 0.3) socket.destroy()
        else if (dice < 0.5) socket.end()
        else if (dice < 0.6) socket.resetAndDestroy()
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** One connection: two parts of nonsense, then gone, one way or another. */
const misbehave = async (port: number): Promise<void> => {
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.on('close', resolve))
  socket.resume()
  const text = `${pick(lines)}${some([...headers, ...headers, ...bodies], 8)}${some([...lines, ...headers, ...bodies], 8)}`
  const bytes = Buffer.from(text, 'latin1')
  const cut = Math.floor(Math.random() * bytes.length)
  socket.write(bytes.subarray(0, cut))
  await pass(Math.random() * 5)
  socket.write(bytes.subarray(cut))
  await Promise.race([closed, pass(Math.random() * 400)])
  if (Math.random() < 0.5) socket.destroy()
  else socket.resetAndDestroy()
  await closed
}

describe('any bytes at all, from both sides', function () {
  this.timeout(120_000)
  let nonsense: Server
  let lab: ProxyLab
  before(async () => {
    nonsense = await startNonsense()
    const { port } = nonsense.address() as AddressInfo
    const timeouts = { connectMs: 200, firstByteMs: 100, idleMs: 100, totalMs: 300 }
    lab = await startProxy({
      upstreams: { php: plainUpstream([`http://127.0.0.1:${port}`], { timeouts }) },
    })
  })
  after(async () => {
    await lab.close()
    nonsense.close()
  })

  it('neither end the proxy nor leave a request behind', async () => {
    const untilMs = performance.now() + 20_000
    let connections = 0
    const loop = async (): Promise<void> => {
      while (performance.now() < untilMs) {
        await misbehave(lab.port)
        connections += 1
      }
    }
    await Promise.all(Array.from({ length: 40 }, loop))
    const left = (): readonly number[] => {
      const { requestsInFlight, tunnelsInFlight } = lab.proxy.status.process()
      const [upstream] = lab.proxy.status.upstreams()
      return [requestsInFlight, tunnelsInFlight, upstream?.inFlight ?? -1, upstream?.pending ?? -1]
    }
    for (let tries = 0; tries < 100 && left().some((count) => count > 0); tries += 1) await pass(50)
    deepEqual(left(), [0, 0, 0, 0])
    ok(connections > 100)
    const faults = lab.heard.filter(({ event }) => /internal_error|send_failed/.test(event))
    equal(faults.length, 0, JSON.stringify(faults[0]))
  })
})
