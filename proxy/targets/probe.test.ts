import assert from 'node:assert/strict'
import { createOrigin, type Heard, type LabOrigin, reply } from '../../contract-tests/lab/origin.ts'
import { upstreamConfig } from '../../contract-tests/lab/upstream-config.ts'
import type { HealthEvent } from './address-health.ts'
import { createOutlook, inbound } from './conformance/exchange.ts'
import { rawHeader } from './raw-header.ts'
import { createUpstream, type Upstream } from './upstream.ts'

type Told = readonly [url: string, event: HealthEvent]

describe('createUpstream, with probes', () => {
  let upstream: Upstream
  let origins: LabOrigin[] = []
  let waiting: ((told: Told) => void)[] = []

  const open = async (...urls: readonly string[]): Promise<void> => {
    const [first = '', ...more] = urls
    const health = { path: '/status?x', intervalMs: 20, timeoutMs: 200 }
    const config = upstreamConfig(first, {
      more,
      health: { ...health, unhealthyAfter: 2, healthyAfter: 2 },
      host: { literal: 'legacy.internal' },
    })
    upstream = createUpstream(config, {
      pseudonym: 'banyan-test',
      now: () => performance.now(),
      events: () => ({
        health(url, event) {
          for (const tell of waiting.splice(0)) tell([url, event])
        },
        name: () => {},
        tls: () => {},
        retried: () => {},
      }),
    })
    upstream.start()
    upstream.start()
  }
  const listen = async (
    answer: (request: Heard) => string | Buffer | undefined,
  ): Promise<string> => {
    const origin = await createOrigin(answer)
    origins.push(origin)
    return origin.url
  }
  const nextEvent = (): Promise<Told> => new Promise((resolve) => void waiting.push(resolve))
  const healthy = (): readonly (boolean | null)[] =>
    upstream.addresses().map((each) => each.healthy)
  const settled = async (wanted: readonly (boolean | null)[]): Promise<void> => {
    while (String(healthy()) !== String(wanted)) await new Promise((r) => setTimeout(r, 5))
  }
  afterEach(async () => {
    await upstream.close(0)
    await Promise.all(origins.map((each) => each.close()))
    origins = []
    waiting = []
  })

  it('asks for the path, over a connection of its own, as the Host that the config names', async () => {
    await open(await listen(() => reply('204 No Content')))
    assert.deepEqual(healthy(), [null])
    const { head, lines } = await (origins[0] as LabOrigin).next()
    assert.ok(head.startsWith('GET /status?x HTTP/1.1\r\n'))
    assert.deepEqual(
      ['host', 'user-agent'].map((name) => rawHeader(lines, name)),
      ['legacy.internal', 'banyan-health'],
    )
    await settled([true])
    const again = await (origins[0] as LabOrigin).next()
    assert.equal(again.connection, 2)
  })

  it('passes over an address that answers badly until it answers well again', async () => {
    let status = '200 OK'
    const [good, bad] = [await listen(() => reply('200 OK')), await listen(() => reply(status))]
    await open(good, bad)
    await settled([true, true])
    status = '503 Service Unavailable'
    assert.deepEqual(await nextEvent(), [bad, { healthy: false, source: 'probe' }])
    const before = origins[1]?.requests.length
    for (let time = 0; time < 6; time += 1) {
      assert.equal((await upstream.send('legacy')(inbound(), createOutlook())).status, 200)
    }
    const sent = origins[1]?.requests.slice(before).filter(({ line }) => !line.includes('/status'))
    assert.deepEqual(sent, [])
    status = '200 OK'
    assert.deepEqual(await nextEvent(), [bad, { healthy: true, source: 'probe' }])
  })

  // biome-ignore format: a table reads best as a table
  const unwell: readonly (readonly [string, (request: Heard) => string | Buffer | undefined])[] = [
    ['redirects',        () => reply('302 Found', ['Location: /login'])],
    ['does not answer',  () => undefined],
    ['speaks garbage',   () => 'SSH-2.0\r\n'],
    ['hangs up',         ({ socket }) => void socket.destroy()],
  ]
  for (const [title, answer] of unwell) {
    it(`takes an address that ${title} for unwell`, async () => {
      await open(await listen(answer))
      await settled([false])
      assert.equal(upstream.blocked(), 'health')
    })
  }

  it('takes an address at which nobody listens for unwell', async () => {
    const url = await listen(() => undefined)
    await origins[0]?.close()
    origins = []
    await open(url)
    await settled([false])
    assert.equal(upstream.blocked(), 'health')
  })

  it('asks no more once the upstream is closed', async () => {
    await open(await listen(() => reply('200 OK')))
    const origin = origins[0] as LabOrigin
    await origin.next()
    await upstream.close(0)
    await origin.quiet()
    const { length } = origin.requests
    await new Promise((resolve) => setTimeout(resolve, 80))
    assert.equal(origin.requests.length, length)
  })
})
