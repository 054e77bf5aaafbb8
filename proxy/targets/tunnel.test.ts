import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { createOrigin, type LabOrigin, type OriginScript } from '../../contract-tests/lab/origin.ts'
import { accepted, createFront, type Front, hear } from '../../contract-tests/lab/tunnel-front.ts'
import type { UpstreamChanges } from '../../contract-tests/lab/upstream-config.ts'
import type { TunnelObservation } from './tunnel-join.ts'

describe('createTunnel', () => {
  let origin: LabOrigin | null = null
  let front: Front
  const knock = (): Socket => front.knock()
  const open = async (script: OriginScript, changes?: UpstreamChanges): Promise<Socket> => {
    origin = await createOrigin(script)
    front = await createFront(origin.url, changes)
    return knock()
  }
  afterEach(async () => {
    await front.close()
    await origin?.close()
    origin = null
  })

  it('joins WebSockets, whatever they say', async () => {
    const legacy = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    legacy.on('connection', (peer) =>
      peer.on('message', (data) => peer.send(data, { binary: false })),
    )
    await once(legacy, 'listening')
    front = await createFront(`http://127.0.0.1:${(legacy.address() as AddressInfo).port}`)
    const client = new WebSocket(`ws://127.0.0.1:${front.port}/echo`)
    await once(client, 'open')
    assert.equal(front.tunnel.inFlight, 1)
    for (const text of ['hello', 'x'.repeat(1_000_000)]) {
      client.send(text)
      const [echoed] = (await once(client, 'message')) as [Buffer]
      assert.equal(String(echoed), text)
    }
    client.close()
    const { status, failure, body, uploaded, from } = await (front
      .seen[0] as Promise<TunnelObservation>)
    assert.deepEqual([status, failure, body.complete, from], [101, null, true, 'legacy'])
    assert.ok(body.length > 1_000_000 && uploaded > 1_000_000, `${body.length} ${uploaded}`)
    assert.equal(front.tunnel.inFlight, 0)
    legacy.close()
  })

  it('passes both heads on byte for byte, but for what is of the hop', async () => {
    const client = await open(({ socket }) => {
      socket.end(Buffer.from(`${accepted}early`, 'latin1'))
      return undefined
    })
    assert.equal(await hear(client), `${accepted}early`)
    const { head } = await (origin as LabOrigin).next()
    const lines = head.split('\r\n')
    assert.equal(lines[0], 'GET //chat/../a?b=%zz HTTP/1.1')
    for (const line of [
      'Host: a',
      'X-MiXed: 1',
      'Cookie: a=1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'X-Forwarded-For: 127.0.0.1',
      'x-banyan-via: banyan-test',
    ]) {
      assert.ok(lines.includes(line), line)
    }
  })

  it('passes on what the client said together with its offer', async () => {
    const client = await open(() => accepted)
    client.write('early words')
    const request = await (origin as LabOrigin).next()
    await once(client, 'data')
    client.end(' and late ones')
    assert.equal(String(await request.body), 'early words and late ones')
  })

  for (const [title, framing, body] of [
    ['a length', 'Content-Length: 2', 'no'],
    ['chunks', 'Transfer-Encoding: chunked', '2\r\nno\r\n0\r\n\r\n'],
  ] as const) {
    it(`relays a refusal with ${title}, and hangs up`, async () => {
      const client = await open(
        () =>
          `HTTP/1.1 401 Who are you\r\nX-MiXed: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n${framing}\r\n\r\n${body}`,
      )
      const answer = await hear(client)
      const kept = framing.startsWith('Content') ? `${framing}\r\n` : ''
      assert.equal(
        answer,
        `HTTP/1.1 401 Who are you\r\nX-MiXed: 1\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n${kept}Connection: close\r\n\r\nno`,
      )
      await (origin as LabOrigin).quiet()
      assert.equal((await front.seen[0])?.status, 401)
    })
  }

  it('answers 502 where nobody listens', async () => {
    const nobody = createTcp().listen(0, '127.0.0.1')
    await once(nobody, 'listening')
    const { port } = nobody.address() as AddressInfo
    nobody.close()
    await once(nobody, 'close')
    front = await createFront(`http://127.0.0.1:${port}`)
    assert.match(await hear(knock()), /^HTTP\/1\.1 502 Bad Gateway\r\n.*connection_refused/s)
    const seen = await front.seen[0]
    assert.deepEqual([seen?.failure?.code, seen?.failure?.effect], ['connection_refused', 'none'])
  })

  for (const [title, script, status, code] of [
    [
      '502 where the upstream hangs up',
      ({ socket }) => void socket.end(),
      502,
      'http_upgrade_failed',
    ],
    ['504 where the upstream says nothing', () => undefined, 504, 'http_response_timeout'],
  ] as const satisfies readonly (readonly [string, OriginScript, number, string])[]) {
    it(`answers ${title}`, async () => {
      const client = await open(script, { timeouts: { firstByteMs: 200 } })
      assert.ok((await hear(client)).startsWith(`HTTP/1.1 ${status} `))
      const seen = await front.seen[0]
      assert.deepEqual([seen?.failure?.code, seen?.status], [code, status])
      await (origin as LabOrigin).quiet()
    })
  }

  for (const answer of [undefined, accepted]) {
    it(`leaks nothing when clients reset ${answer === undefined ? 'before' : 'after'} the 101`, async () => {
      const clients = [await open(() => answer)]
      const { next, quiet } = origin as LabOrigin
      for (let time = 0; time < 20; time++) {
        const client = clients.pop() ?? knock()
        const request = await next()
        if (answer !== undefined) await once(client, 'data')
        client.resetAndDestroy()
        await once(request.socket, 'close')
      }
      await quiet()
      for (const seen of await Promise.all(front.seen))
        assert.equal(seen.failure?.code, 'client_gone')
      assert.deepEqual([front.seen.length, front.tunnel.inFlight], [20, 0])
    })
  }

  it('takes the client with an upstream that resets', async () => {
    const client = await open(() => accepted)
    const request = await (origin as LabOrigin).next()
    await once(client, 'data')
    request.socket.resetAndDestroy()
    await hear(client)
    assert.equal((await front.seen[0])?.failure?.code, 'http_response_incomplete')
  })

  it('ends its tunnels when it is closed', async () => {
    const client = await open(() => accepted)
    await once(client, 'data')
    front.tunnel.close()
    await hear(client)
    await (origin as LabOrigin).quiet()
  })
})
