import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createLabUpstream, type LabUpstream } from '../../../contract-tests/lab/lab-upstream.ts'
import { type Heard, type OriginScript, reply } from '../../../contract-tests/lab/origin.ts'
import {
  type UpstreamChanges,
  upstreamConfig,
} from '../../../contract-tests/lab/upstream-config.ts'
import { wholeBody } from '../body.ts'
import { refused } from '../conformance/behaviour.ts'
import { createOutlook, createTap, drink, inbound } from '../conformance/exchange.ts'
import type { InboundRequest, TargetResponse } from '../send.ts'
import { createUpstream } from '../upstream.ts'
import { idleMs } from './pool.ts'

describe('idleMs', () => {
  for (const [keepAliveMs, seconds, expected] of [
    [4_000, null, 4_000],
    [4_000, 60, 4_000],
    [4_000, 5, 4_000],
    [4_000, 3, 2_000],
    [4_000, 1, 500],
    [4_000, 0, 0],
  ] as const) {
    it(`keeps a connection ${expected} ms of ${keepAliveMs} when the upstream says ${seconds}`, () => {
      assert.equal(idleMs(keepAliveMs, seconds), expected)
    })
  }
})

describe('createHttp1Wire', () => {
  let lab: LabUpstream
  const open = async (script: OriginScript, changes?: UpstreamChanges): Promise<void> => {
    lab = await createLabUpstream(script, changes)
  }
  const ask = (about: Partial<InboundRequest> = {}): Promise<TargetResponse> =>
    lab.send(inbound(about), createOutlook())
  /** Answers the first request of each connection; does as told with the others. */
  const atSecond = (second: OriginScript): OriginScript => {
    const seen = new Set<number>()
    return (heard: Heard) => {
      if (seen.has(heard.connection)) return second(heard)
      seen.add(heard.connection)
      return reply('200 OK')
    }
  }
  afterEach(() => lab.close())

  it('uses the connection that was used last', async () => {
    await open(async ({ line }) => {
      if (line.includes('/slow')) await lab.origin.requests[1]?.body
      return reply('200 OK')
    })
    await Promise.all([ask({ url: '/slow' }), ask()])
    const used = lab.origin.requests.at(-1)?.connection
    for (let time = 0; time < 3; time++) await ask()
    assert.equal(lab.origin.accepted(), 2)
    assert.equal(new Set(lab.origin.requests.slice(2).map(({ connection }) => connection)).size, 1)
    assert.ok(used !== undefined)
  })

  it('closes a connection that was idle for as long as it may', async () => {
    await open(() => reply('200 OK'), { pool: { keepAliveMs: 30 } })
    await ask()
    await lab.origin.quiet()
    await ask()
    assert.equal(lab.origin.accepted(), 2)
  })

  it('closes a connection before the upstream does, where that says when', async () => {
    await open(() => reply('200 OK', ['Keep-Alive: timeout=0, max=9']))
    await ask()
    await lab.origin.quiet()
  })

  for (const [title, second] of [
    ['resets it', ({ socket }) => void socket.resetAndDestroy()],
    ['ends it', ({ socket }) => void socket.end()],
  ] as readonly (readonly [string, OriginScript])[]) {
    it(`asks once more, over a new connection, when the upstream ${title}`, async () => {
      await open(atSecond(second))
      for (let time = 0; time < 10; time++) assert.equal((await ask()).status, 200)
      assert.equal(lab.counts.retried, 9)
    })

    it(`sends a POST once, and knows nothing of its effect, when the upstream ${title}`, async () => {
      await open(atSecond(second))
      await ask()
      const why = await refused(ask({ method: 'POST', body: wholeBody(Buffer.from('x')) }))
      assert.deepEqual([why.code, why.effect], ['connection_terminated', 'unknown'])
      assert.equal(lab.origin.requests.length, 2)
    })
  }

  it('does not ask again where half a head came', async () => {
    await open(atSecond(({ socket }) => void socket.end('HTTP/1.1 2')))
    await ask()
    assert.equal((await refused(ask())).code, 'connection_terminated')
    assert.equal(lab.counts.retried, 0)
  })

  it('takes a reset for no end of a body that only its connection ends', async () => {
    await open(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nhalf')
      socket.resetAndDestroy()
    })
    const { body } = await ask()
    const tap = createTap()
    body.flow(tap)
    await tap.over
    assert.equal(tap.failure?.code, 'http_response_incomplete')
  })

  it('does not use a connection again whose upload was cut short by the answer', async () => {
    await open(() => reply('403 Forbidden'))
    for (let time = 0; time < 2; time++) {
      const pump = {
        length: 10,
        whole: null,
        opened: false,
        flow: () => ({ resume() {}, cancel() {} }),
      }
      assert.equal((await ask({ method: 'POST', body: pump })).status, 403)
    }
    assert.equal(lab.origin.accepted(), 2)
  })

  it('speaks over a unix socket', async () => {
    await open(() => undefined)
    const directory = await mkdtemp(join(tmpdir(), 'banyan-unix-'))
    const path = join(directory, 'app.sock')
    const server = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nover unix'))
    }).listen(path)
    await once(server, 'listening')
    const upstream = createUpstream(upstreamConfig(`unix:${path}`), {
      pseudonym: 'banyan-test',
      now: () => performance.now(),
    })
    const answer = await upstream.send('legacy')(inbound(), createOutlook())
    assert.equal(String(await drink(answer.body)), 'over unix')
    await upstream.close()
    server.close()
    await rm(directory, { recursive: true })
  })
})
