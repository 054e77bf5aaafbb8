import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { request as send } from 'node:http'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import type { Config, UpstreamConfig } from './config/config.ts'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'

describe('an upstream of several addresses', () => {
  let lab: ProxyLab
  let origins: LabOrigin[] = []
  /** What the first address does; the second one answers. */
  let first: 'answers' | 'hangs up' = 'answers'
  const health = {
    path: '/status',
    intervalMs: 20,
    timeoutMs: 1_000,
    unhealthyAfter: 1,
    healthyAfter: 1,
  }

  const start = async (changes: Partial<UpstreamConfig>, about: Partial<Config> = {}) => {
    const doubtful = await createOrigin(({ socket, head }) => {
      if (first === 'answers') return reply('200 OK', [], 'first')
      if (head.includes('keep-alive')) socket.resetAndDestroy()
      else socket.destroy()
      return undefined
    })
    const sure = await createOrigin(() => reply('200 OK', [], 'second'))
    origins = [doubtful, sure]
    const ts = plainUpstream([doubtful.url, sure.url], { name: 'ts', ...changes })
    lab = await startProxy({
      upstreams: { ts, php: plainUpstream([sure.url]) },
      routes: [plainRoute('rest', { legacy: 'ts', modern: null })],
      ...about,
    })
  }
  afterEach(async () => {
    await lab.close()
    await Promise.all(origins.map((each) => each.close()))
    first = 'answers'
  })

  const addresses = () =>
    lab.proxy.status.upstreams().find(({ name }) => name === 'ts')?.addresses ?? []
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const scrape = (): Promise<string> =>
    new Promise((resolve, reject) => {
      send(`${lab.adminUrl}/metrics`, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => resolve(Buffer.concat(parts).toString()))
      })
        .on('error', reject)
        .end()
    })

  it('opens the breaker of one address, passes over that one, and says which', async () => {
    const breaker = { ...plainRoute('any').breaker, minimumCalls: 4, failureRateBp: 5_000 }
    await start({ breaker, retries: { max: 1, budgetBp: 10_000 } })
    first = 'hangs up'
    const before = await Promise.all(Array.from({ length: 20 }, () => lab.ask()))
    deepEqual([...new Set(before.map(({ text }) => text))], ['second'])
    await until(() => lab.proxy.status.breakers().some(({ state }) => state === 'open'))
    const open = lab.proxy.status.breakers().filter(({ state }) => state === 'open')
    deepEqual(
      open.map(({ upstream, address, route }) => [upstream, address, route]),
      [['ts', origins[0]?.url, null]],
    )
    const { length } = origins[0]?.requests ?? []
    for (let time = 0; time < 5; time += 1) equal((await lab.ask({ method: 'POST' })).status, 200)
    equal(origins[0]?.requests.length, length)
    const text = await scrape()
    match(text, /breaker_state\{upstream="ts",address="[^"]+",state="open"\} 1/)
    match(text, /retries_total\{upstream="ts",result="answered"\} [1-9]/)
  })

  it('keeps what it knows of the addresses through a reload that leaves the upstream as it is', async () => {
    await start({ health, slowStartMs: 60_000 })
    await until(() => addresses().every(({ healthy }) => healthy === true))
    first = 'hangs up'
    await until(() => addresses()[0]?.healthy === false)
    const routes = [plainRoute('renamed', { legacy: 'ts', modern: null })]
    equal((await lab.proxy.reload({ ...lab.config, revision: '2', routes })).result, 'applied')
    deepEqual(
      addresses().map(({ healthy }) => healthy),
      [false, true],
    )
    for (let time = 0; time < 4; time += 1) equal((await lab.ask()).text, 'second')
    const text = await scrape()
    ok(text.includes(`banyan_upstream_healthy{upstream="ts",address="${origins[0]?.url}"} 0`), text)
    ok(text.includes(`banyan_upstream_healthy{upstream="ts",address="${origins[1]?.url}"} 1`))
    ok(lab.heard.some(({ event }) => event === 'address_health'))
  })

  it('diverts where no address is well and a fallback stands, and asks all the same where none does', async () => {
    const routes = [
      plainRoute('rest', { legacy: 'ts', modern: null }),
      plainRoute('flipped', {
        match: { path: '/flipped' },
        stage: 'modern',
        legacy: 'php',
        modern: 'ts',
        fallbackOn: ['notSent'],
      }),
    ]
    await start({ health: { ...health, path: '/nowhere' } }, { routes })
    first = 'hangs up'
    const urls = [origins[0]?.url ?? '']
    const ts = plainUpstream(urls, { name: 'ts', health })
    const upstreams = { ...lab.config.upstreams, ts }
    await lab.proxy.reload({ ...lab.config, revision: '2', upstreams })
    await until(() => addresses()[0]?.healthy === false)
    const headers = { 'x-banyan-explain': '1' }
    const diverted = await lab.ask({ path: '/flipped', headers })
    deepEqual([diverted.text, diverted.headers['x-banyan-reason']], ['second', 'health'])
    equal((await lab.ask()).status, 502)
  })

  it('joins tunnels with addresses that are well', async () => {
    await start({ health })
    await until(() => addresses().every(({ healthy }) => healthy === true))
    first = 'hangs up'
    await until(() => addresses()[0]?.healthy === false)
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }
    for (let time = 0; time < 3; time += 1) {
      const answer = await lab.ask({ headers: { ...upgrade, 'Sec-WebSocket-Key': 'a'.repeat(24) } })
      equal(answer.text, 'second')
    }
  })
})
