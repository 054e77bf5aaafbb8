import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createOrigin,
  type LabOrigin,
  type OriginScript,
  reply,
} from '../../contract-tests/lab/origin.ts'
import { type UpstreamChanges, upstreamConfig } from '../../contract-tests/lab/upstream-config.ts'
import type { RetryResult } from './attempt-events.ts'
import { wholeBody } from './body.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, createPump, drink, inbound } from './conformance/exchange.ts'
import type { InboundRequest, TargetResponse } from './send.ts'
import { createUpstream, type Upstream } from './upstream.ts'

const post: Partial<InboundRequest> = { method: 'POST', body: wholeBody(Buffer.from('x')) }

const resets: OriginScript = ({ socket }) => {
  socket.resetAndDestroy()
  return undefined
}
const answers: OriginScript = async ({ body }) => {
  await body
  return reply('200 OK')
}

for (const wire of ['own', 'undici'] as const) {
  describe(`createUpstream, over several addresses (${wire})`, () => {
    let origins: readonly LabOrigin[] = []
    let upstream: Upstream
    let retried: RetryResult[] = []

    const open = async (
      scripts: readonly (OriginScript | 'refuses')[],
      changes: UpstreamChanges = {},
    ): Promise<void> => {
      origins = await Promise.all(
        scripts.map((each) => createOrigin(each === 'refuses' ? answers : each)),
      )
      await Promise.all(scripts.map((each, i) => (each === 'refuses' ? origins[i]?.close() : null)))
      const [first = '', ...more] = origins.map(({ url }) => url)
      retried = []
      const retries = { max: 2, budgetBp: 2_000 }
      upstream = createUpstream(upstreamConfig(first, { more, wire, retries, ...changes }), {
        pseudonym: 'banyan-test',
        now: () => performance.now(),
        random: () => 0,
        events: () => ({
          health: () => {},
          name: () => {},
          tls: () => {},
          retried: (result) => retried.push(result),
        }),
      })
    }
    const ask = (about: Partial<InboundRequest> = {}): Promise<TargetResponse> =>
      upstream.send('legacy')(inbound(about), createOutlook())
    const heard = (): readonly number[] => origins.map(({ requests }) => requests.length)
    afterEach(async () => {
      assert.equal(upstream.inFlight, 0)
      assert.ok(upstream.addresses().every(({ inFlight }) => inFlight === 0))
      await upstream.close(0)
      await Promise.all(origins.map((each) => each.close().catch(() => {})))
    })

    it('sends every request to another address when one refuses the connection', async () => {
      await open(['refuses', 'refuses', answers])
      for (let time = 0; time < 12; time += 1) assert.equal((await ask(post)).status, 200)
      const { body } = createPump(Buffer.from('upload'), 4, false)
      assert.equal((await ask({ method: 'PUT', body })).status, 200)
      assert.deepEqual(heard(), [0, 0, 13])
      assert.equal(String(await origins[2]?.requests[12]?.body), 'upload'.repeat(4))
      assert.ok(retried.length > 0 && retried.every((each) => each === 'answered'), `${retried}`)
    })

    it('tells that nothing was sent when every address refuses', async () => {
      await open(['refuses', 'refuses'])
      const why = await refused(ask(post))
      assert.deepEqual([why.code, why.effect], ['connection_refused', 'none'])
      assert.deepEqual(retried, ['failed'])
    })

    it('sends a GET to another address when the connection breaks before the answer', async () => {
      await open([resets, answers])
      for (let time = 0; time < 6; time += 1) assert.equal((await ask()).status, 200)
      assert.deepEqual(heard(), [3, 6])
    })

    it('never sends a write twice', async () => {
      await open([resets, resets])
      for (const about of [post, { method: 'POST' }, { method: 'DELETE' }]) {
        const why = await refused(ask(about))
        assert.deepEqual([why.code, why.effect], ['connection_terminated', 'unknown'])
      }
      assert.equal(
        heard().reduce((sum, each) => sum + each, 0),
        3,
      )
      assert.deepEqual(retried, [])
    })

    it('asks each address once at most', async () => {
      await open([resets, resets])
      await refused(ask())
      assert.deepEqual([heard(), retried], [[1, 1], ['failed']])
    })

    it('sends no more again than the budget allows, and says so', async () => {
      await open([resets, answers], { retries: { max: 1, budgetBp: 0 } })
      const both = await Promise.allSettled([ask(), ask()])
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
      assert.deepEqual(retried, ['denied'])
    })

    it('sends nothing again where the config says max: 0', async () => {
      await open(['refuses', 'refuses'], { retries: { max: 0, budgetBp: 2_000 } })
      await refused(ask())
      assert.deepEqual(retried, [])
    })

    it('passes over an address to which no connection came about three times', async () => {
      await open(['refuses', answers])
      for (let time = 0; time < 8; time += 1) await ask(post)
      const [dead, alive] = upstream.addresses()
      assert.deepEqual([dead?.healthy, alive?.healthy], [false, null])
      assert.equal(retried.length, 3)
      assert.equal(upstream.blocked(), null)
    })

    it('balances unix sockets as it does ports, and goes on where one is not there', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'banyan-sockets-'))
      const path = join(directory, 'app.sock')
      const heardThere: (string | undefined)[] = []
      const server = createServer((request, response) => {
        heardThere.push(request.url)
        response.end('x')
      }).listen(path)
      await once(server, 'listening')
      await open([answers], { more: [`unix:${path}`, `unix:${join(directory, 'gone.sock')}`] })
      for (let time = 0; time < 9; time += 1) assert.equal((await ask(post)).status, 200)
      assert.equal((heard()[0] ?? 0) + heardThere.length, 9)
      assert.ok(heardThere.length >= 3 && (heard()[0] ?? 0) >= 3, `${heard()} ${heardThere.length}`)
      await upstream.close(0)
      server.close()
      rmSync(directory, { recursive: true })
    })

    it('holds its places over all addresses together', async () => {
      const held: (() => void)[] = []
      const holds: OriginScript = () =>
        new Promise((resolve) => {
          held.push(() => resolve(reply('200 OK', [], 'x')))
        })
      await open([holds, holds], { pool: { connections: 2, maxPending: 1 } })
      const first = [ask(), ask()]
      await Promise.all(origins.map((each) => each.next()))
      const third = ask()
      assert.deepEqual([upstream.inFlight, upstream.pending, heard()], [2, 1, [1, 1]])
      assert.equal((await refused(ask())).code, 'connection_limit_reached')
      held[0]?.()
      await drink((await Promise.race(first)).body)
      while (held.length < 3) await new Promise(setImmediate)
      for (const release of held) release()
      for (const each of [...first, third]) await each
    })
  })
}
