import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { performance } from 'node:perf_hooks'
import { createLabUpstream, type LabUpstream } from '../../contract-tests/lab/lab-upstream.ts'
import { type OriginScript, reply } from '../../contract-tests/lab/origin.ts'
import { type UpstreamChanges, upstreamConfig } from '../../contract-tests/lab/upstream-config.ts'
import type { ErrorCode } from '../errors.ts'
import { wholeBody } from './body.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, createPump, createTap, inbound } from './conformance/exchange.ts'
import { failure } from './failure.ts'
import type { Failure, InboundRequest } from './send.ts'
import { createUpstream } from './upstream.ts'

/** An address at which nobody listens. */
const nobody = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `127.0.0.1:${port}`
}

describe('createUpstream, when the upstream cannot be reached', () => {
  const attempt = async (url: string, changes: UpstreamChanges = {}): Promise<Failure> => {
    const upstream = createUpstream(upstreamConfig(url, changes), {
      pseudonym: 'banyan-test',
      now: () => performance.now(),
    })
    try {
      const body = createPump(Buffer.from('x'), 3).body
      const why = await refused(
        upstream.send('modern')(inbound({ method: 'POST', body }), createOutlook()),
      )
      assert.equal(body.opened, false)
      assert.equal(upstream.inFlight, 0)
      return why
    } finally {
      await upstream.close()
    }
  }

  for (const [title, url, code] of [
    ['nobody listens', async () => `http://${await nobody()}`, 'connection_refused'],
    ['a unix socket is not there', async () => 'unix:/nonexistent/app.sock', 'connection_refused'],
    ['its name means nothing', async () => 'http://nobody.invalid', 'dns_error'],
  ] as const) {
    it(`proves that nothing was sent: ${title}`, async () => {
      const { effect, party, ...why } = await attempt(await url())
      assert.deepEqual([why.code, effect, party], [code, 'none', 'modern'])
    })
  }

  for (const [title, greeting, code] of [
    ['it does not speak TLS', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'tls_error'],
    ['it closes the connection in the handshake', null, 'tls_error'],
    ['the handshake does not end', '', 'connection_timeout'],
  ] as const) {
    it(`proves that nothing was sent: ${title}`, async () => {
      const server = createServer((socket) => {
        socket.on('error', () => {})
        if (greeting === null) socket.resetAndDestroy()
        else socket.write(greeting)
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      const changes = { timeouts: { connectMs: 200 } }
      const why = await attempt(`https://127.0.0.1:${port}`, changes)
      assert.deepEqual([why.code, why.effect], [code, 'none'])
      server.close()
    })
  }
})

describe('createUpstream, when an exchange fails', () => {
  let lab: LabUpstream
  const open = async (script: OriginScript, changes?: UpstreamChanges): Promise<void> => {
    lab = await createLabUpstream(script, changes)
  }
  const fails = (about: Partial<InboundRequest> = {}): Promise<Failure> =>
    refused(lab.send(inbound(about), createOutlook()))
  afterEach(() => lab.close())

  // biome-ignore format: a table reads best as a table
  const beforeHead: readonly (readonly [string, OriginScript, ErrorCode])[] = [
    ['closes the connection',           ({ socket }) => void socket.end(),             'connection_terminated'],
    ['resets the connection',           ({ socket }) => void socket.resetAndDestroy(), 'connection_terminated'],
    ['closes after half a head',        ({ socket }) => void socket.end('HTTP/1.1 200 OK\r\nA: '), 'connection_terminated'],
    ['speaks garbage',                  () => 'SSH-2.0-OpenSSH_9.2\r\n',               'http_protocol_error'],
    ['upgrades unasked',                () => 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n', 'http_protocol_error'],
    ['sends a head without end',        () => `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(70_000)}`, 'http_protocol_error'],
    ['sends two framings of one body',  () => 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 'http_protocol_error'],
  ]
  for (const [title, script, code] of beforeHead) {
    it(`knows nothing of the effect when the upstream ${title}`, async () => {
      await open(script)
      const why = await fails({ method: 'POST', body: wholeBody(Buffer.from('x')) })
      assert.deepEqual([why.code, why.effect, why.party], [code, 'unknown', 'legacy'])
      assert.deepEqual(lab.failures, [why])
      assert.equal(lab.upstream.inFlight, 0)
    })
  }

  it('blames a request that cannot be sent on the client', async () => {
    await open(() => reply('200 OK'))
    const why = await fails({ headers: ['Host', 'a', 'X-Bad', 'a\u0000b'] })
    assert.deepEqual([why.code, why.effect, why.party], ['http_request_error', 'none', 'client'])
    assert.equal(lab.origin.requests.length, 0)
    assert.equal(lab.upstream.inFlight, 0)
  })

  // biome-ignore format: a table reads best as a table
  const midway: readonly (readonly [string, string])[] = [
    ['a body of known length',  'Content-Length: 9'],
    ['chunks',                  'Transfer-Encoding: chunked'],
  ]
  for (const [title, framing] of midway) {
    it(`fails the body when the upstream closes amid ${title}`, async () => {
      await open(({ socket }) => void socket.end(`HTTP/1.1 200 OK\r\n${framing}\r\n\r\n5\r\nhel`))
      const { body } = await lab.send(inbound(), createOutlook())
      const tap = createTap()
      body.flow(tap)
      await tap.over
      assert.equal(tap.failure?.code, 'http_response_incomplete')
      assert.deepEqual(lab.failures, [tap.failure])
    })
  }

  it('closes the connection to the upstream when the client leaves before the head', async () => {
    await open(() => undefined)
    const outlook = createOutlook()
    const attempt = refused(lab.send(inbound(), outlook))
    await lab.origin.next()
    outlook.abort(failure('client_gone', 'client', 'unknown'))
    assert.equal((await attempt).code, 'client_gone')
    await lab.origin.quiet()
    assert.deepEqual([lab.failures, lab.upstream.inFlight], [[], 0])
  })
})
