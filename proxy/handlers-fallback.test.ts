import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import type { Config } from './config/config.ts'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute, type RouteChanges } from './routing/plain-route.ts'

/** Answers by path: what a handlers module may do to a proxy. */
const handlers = `
export const build = 'test'
export const createApp = () => ({
  app: {
    callback: () => (request, response) => {
      if (request.url === '/fails') { response.statusCode = 500; return response.end('broken') }
      if (request.url === '/hangs') return
      if (request.url === '/throws') throw new Error('boom')
      request.on('data', (chunk) => response.write(chunk))
      request.on('end', () => response.end('modern'))
    },
    on() {},
    middleware: [{ router: { stack: [{ name: 'articles' }] } }],
  },
  close: async () => {},
})`

describe('routes with handlers', () => {
  let directory: string
  let origin: LabOrigin
  let lab: ProxyLab
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'banyan-handlers-'))
    await writeFile(join(directory, 'app.mjs'), handlers)
    origin = await createOrigin(() => reply('200 OK', [], 'legacy'))
    lab = await startProxy(configOf({}))
  })
  after(async () => {
    await lab.close()
    await origin.close()
    await rm(directory, { recursive: true })
  })
  let revision = 1
  const configOf = (route: RouteChanges): Parameters<typeof startProxy>[0] => ({
    revision: String(revision),
    upstreams: { php: plainUpstream([origin.url]) },
    handlers: {
      module: join(directory, 'app.mjs'),
      timeoutMs: 100,
      concurrency: 8,
      databaseUrl: null,
    },
    routes: [plainRoute('articles', route)],
  })
  const flip = async (route: RouteChanges): Promise<void> => {
    revision += 1
    await lab.proxy.reload({ ...lab.config, ...configOf(route) } as Config)
  }
  const ask = async (path = '/', more: { method?: string; body?: string } = {}) => {
    const headers = { 'x-banyan-explain': '1', 'x-user-id': 'ana' }
    const { status, text, headers: got } = await lab.ask({ path, headers, ...more })
    return [status, text, got['x-banyan-target'], got['x-banyan-reason']]
  }

  it('flips a route from legacy to modern and back', async () => {
    deepEqual(await ask(), [200, 'legacy', 'legacy', 'stage'])
    await flip({ stage: 'canary', weightBp: 10_000 })
    deepEqual(await ask(), [200, 'modern', 'modern', 'weight'])
    await flip({ stage: 'modern' })
    deepEqual(await ask('/', { method: 'POST', body: 'up ' }), [
      200,
      'up modern',
      'modern',
      'stage',
    ])
    await flip({ stage: 'legacy' })
    deepEqual(await ask(), [200, 'legacy', 'legacy', 'stage'])
  })

  for (const path of ['/fails', '/hangs', '/throws']) {
    it(`lets legacy answer a read whose handler ${path.slice(1)}`, async () => {
      await flip({ stage: 'modern' })
      deepEqual((await ask(path)).slice(0, 3), [200, 'legacy', 'legacy'])
      const line = lab.heard.findLast(({ event }) => event === 'request')
      equal(line?.fields.route, 'articles')
    })

    it(`never asks legacy for a write whose handler ${path.slice(1)}`, async () => {
      await flip({ stage: 'modern', effects: 'write', fallbackOn: ['notSent'] })
      const before = origin.requests.length
      const [status] = await ask(path, { method: 'POST', body: 'x' })
      match(String(status), /^50[04]$/)
      equal(origin.requests.length, before)
    })
  }

  it('sends everything back to legacy by a kill, at once', async () => {
    await flip({ stage: 'modern' })
    const body = JSON.stringify({ scope: 'route:articles', reason: 'test', for: '1m' })
    const headers = { 'Content-Type': 'application/json' }
    const killed = await fetch(`${lab.adminUrl}/v1/kills`, { method: 'POST', headers, body })
    equal(killed.status, 201)
    deepEqual(await ask(), [200, 'legacy', 'legacy', 'kill'])
    await fetch(`${lab.adminUrl}/v1/kills/route:articles`, {
      method: 'DELETE',
      headers,
      body: '{}',
    })
    deepEqual(await ask(), [200, 'modern', 'modern', 'stage'])
  })

  it('diverts to legacy while the breaker is open', async () => {
    const { breaker } = plainRoute('articles')
    const quick = { ...breaker, minimumCalls: 4 }
    await flip({ stage: 'modern', breaker: quick })
    for (let call = 0; call < 4; call += 1) await ask('/fails')
    deepEqual(await ask(), [200, 'legacy', 'legacy', 'breaker'])
    revision += 1
    await lab.proxy.reload({
      ...lab.config,
      ...configOf({ stage: 'modern', breaker: quick, tags: ['changed'] }),
    } as Config)
    deepEqual((await ask()).at(-1), 'breaker')
  })

  it('refuses a reload that moves a route to a handler that is not there', async () => {
    await flip({ stage: 'legacy' })
    const reload = (stage: 'legacy' | 'modern') => {
      const route = plainRoute('tags', { stage })
      return lab.proxy.reload({
        ...lab.config,
        ...configOf({}),
        revision: `tags ${stage}`,
        routes: [route],
      })
    }
    await rejects(reload('modern'), /^Error: "tags" is at modern and the handlers that run have no/)
    deepEqual(await ask(), [200, 'legacy', 'legacy', 'stage'])
    await reload('legacy')
  })

  it('lets legacy answer, writes too, for a route that starts without its handler', async () => {
    const route = plainRoute('tags', {
      stage: 'modern',
      effects: 'write',
      fallbackOn: ['notSent', 'breakerOpen', 'bulkheadFull'],
    })
    const young = await startProxy({ ...configOf({}), routes: [route] })
    const { status, text } = await young.ask({ path: '/', method: 'POST', body: 'x' })
    await young.close()
    deepEqual([status, text], [200, 'legacy'])
  })

  it('answers from legacy at shadow, whatever the handler does there', async () => {
    await flip({ stage: 'shadow', sampleBp: 10_000 })
    deepEqual(await ask(), [200, 'legacy', 'legacy', 'stage'])
    deepEqual(await ask('/throws'), [200, 'legacy', 'legacy', 'stage'])
  })
})
