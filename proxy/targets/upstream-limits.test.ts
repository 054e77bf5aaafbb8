import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { createLabUpstream, type LabUpstream } from '../../contract-tests/lab/lab-upstream.ts'
import { type OriginScript, reply } from '../../contract-tests/lab/origin.ts'
import type { UpstreamChanges } from '../../contract-tests/lab/upstream-config.ts'
import { createFeed, wholeBody } from './body.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, createPump, createTap, drink, inbound } from './conformance/exchange.ts'
import { failure } from './failure.ts'
import type { Failure, InboundRequest, TargetResponse } from './send.ts'

describe('createUpstream, where time or room is short', () => {
  let lab: LabUpstream
  const open = async (script: OriginScript, changes?: UpstreamChanges): Promise<void> => {
    lab = await createLabUpstream(script, changes)
  }
  const ask = (about: Partial<InboundRequest> = {}): Promise<TargetResponse> =>
    lab.send(inbound(about), createOutlook())
  const fails = (about: Partial<InboundRequest> = {}): Promise<Failure> => refused(ask(about))
  afterEach(() => lab.close())

  for (const limit of ['firstByteMs', 'totalMs'] as const) {
    it(`gives up on an upstream that does not answer within ${limit}, and hangs up`, async () => {
      await open(() => undefined, { timeouts: { [limit]: 100 } })
      const why = await fails()
      assert.deepEqual([why.code, why.effect], ['http_response_timeout', 'unknown'])
      assert.deepEqual(lab.failures, [why])
      await lab.origin.quiet()
      assert.equal(lab.upstream.inFlight, 0)
    })
  }

  it('counts totalMs from when the request came, over all attempts at it', async () => {
    await open(() => undefined, { timeouts: { totalMs: 60_000 } })
    const why = await fails({ receivedMs: performance.now() - 60_000 })
    assert.equal(why.code, 'http_response_timeout')
  })

  it('gives up on an upstream that does not take an upload', async () => {
    await open(({ socket }) => void socket.pause(), { timeouts: { firstByteMs: 200 } })
    const { body } = createPump(Buffer.alloc(65_536), 1_000)
    assert.equal((await fails({ method: 'POST', body })).code, 'http_response_timeout')
  })

  it('has patience with a client that sends slowly', async () => {
    await open(
      async (request) => {
        await request.body
        return reply('200 OK')
      },
      { timeouts: { firstByteMs: 150, idleMs: 150, totalMs: 150 } },
    )
    const upload = createFeed(null, { pause: () => {}, resume: () => {}, cancel: () => {} })
    upload.write(Buffer.from('begin'))
    setTimeout(() => upload.end([]), 500)
    assert.equal((await ask({ method: 'POST', body: upload.body })).status, 200)
  })

  it('fails a body that stands still for idleMs', async () => {
    await open(() => 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello', {
      timeouts: { idleMs: 100 },
    })
    const { body } = await ask()
    const tap = createTap()
    body.flow(tap)
    await tap.over
    assert.equal(tap.failure?.code, 'http_response_incomplete')
    await lab.origin.quiet()
  })

  it('has patience with a client that reads slowly', async () => {
    const size = 8_388_608
    await open(() => reply('200 OK', [], Buffer.alloc(size)), { timeouts: { idleMs: 100 } })
    const { body } = await ask()
    const tap = createTap()
    tap.ready = false
    const flow = body.flow(tap)
    setTimeout(() => {
      tap.ready = true
      flow.resume()
    }, 400)
    await tap.over
    assert.deepEqual([tap.failure, tap.size()], [null, size])
  })

  it('has patience with a stream of events', async () => {
    await open(
      ({ socket }) => {
        setTimeout(() => socket.end('data: 2\n\n'), 400)
        return 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: 1\n\n'
      },
      { timeouts: { idleMs: 100, totalMs: 300 } },
    )
    assert.equal(String(await drink((await ask()).body)), 'data: 1\n\ndata: 2\n\n')
  })

  it('lets requests wait for a connection, and refuses those that wait too long', async () => {
    await open(() => undefined, { pool: { connections: 1, maxPending: 1, queueTimeoutMs: 100 } })
    const outlook = createOutlook()
    const first = refused(lab.send(inbound(), outlook))
    const second = fails()
    const third = await fails()
    assert.deepEqual([third.code, third.effect], ['connection_limit_reached', 'none'])
    assert.deepEqual([lab.upstream.inFlight, lab.upstream.pending], [1, 1])
    const { code, effect, detail } = await second
    assert.deepEqual([code, effect], ['connection_limit_reached', 'none'])
    assert.notEqual(detail, third.detail)
    outlook.abort(failure('client_gone', 'client', 'unknown'))
    await first
    assert.equal(lab.origin.requests.length, 1)
    assert.deepEqual([lab.upstream.inFlight, lab.upstream.pending], [0, 0])
  })

  it('sends a request that waited, unless its client has left', async () => {
    await open(({ line }) => (line.includes('/hangs') ? undefined : reply('200 OK')), {
      pool: { connections: 1 },
    })
    const outlooks = [createOutlook(), createOutlook()] as const
    const first = refused(lab.send(inbound({ url: '/hangs' }), outlooks[0]))
    const second = refused(lab.send(inbound({ url: '/left' }), outlooks[1]))
    const third = ask({ url: '/waits' })
    await lab.origin.next()
    const gone = failure('client_gone', 'client', 'unknown')
    outlooks[1].abort(gone)
    assert.equal(await second, gone)
    outlooks[0].abort(gone)
    await first
    assert.equal((await third).status, 200)
    assert.deepEqual(
      lab.origin.requests.map(({ line }) => line.split(' ')[1]),
      ['/hangs', '/waits'],
    )
  })

  /** Answers the first request of a connection, and closes it when a second one comes. */
  const closesUsed = (): OriginScript => {
    const used = new Set<number>()
    return ({ connection, socket }) => {
      if (used.has(connection)) {
        socket.resetAndDestroy()
        return undefined
      }
      used.add(connection)
      return reply('200 OK')
    }
  }

  it('asks again when a kept connection turns out to be closed', async () => {
    await open(closesUsed(), { pool: { connections: 1 } })
    for (let time = 0; time < 5; time++) assert.equal((await ask()).status, 200)
    assert.deepEqual([lab.failures, lab.counts.retried], [[], 4])
  })

  it('never asks again what may have had an effect', async () => {
    await open(closesUsed(), { pool: { connections: 1 } })
    await ask()
    const why = await fails({ method: 'POST', body: wholeBody(Buffer.from('x')) })
    assert.deepEqual([why.code, why.effect], ['connection_terminated', 'unknown'])
    assert.equal(lab.origin.requests.length, 2)
  })

  it('never asks again over a new connection', async () => {
    await open(({ socket }) => void socket.resetAndDestroy())
    assert.equal((await fails()).code, 'connection_terminated')
    assert.equal(lab.origin.requests.length, 1)
  })

  it('lets what is in flight end when it is closed, then refuses', async () => {
    await open(() => undefined)
    const answer = ask()
    const request = await lab.origin.next()
    const closed = lab.upstream.close()
    request.socket.write(reply('200 OK', [], 'late'))
    assert.equal(String(await drink((await answer).body)), 'late')
    await closed
    const why = await fails()
    assert.deepEqual([why.code, why.effect], ['destination_unavailable', 'none'])
  })
})
