import { strict as assert } from 'node:assert'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../telemetry/log.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, inbound } from './conformance/exchange.ts'
import { createHandlers, type Handlers } from './handler.ts'

const say = (): void => {}
const log: Log = { debug: say, info: say, warn: say, error: say }

const koa = `import Koa from '${import.meta.resolve('koa')}'\n`
const router = `import Router from '${import.meta.resolve('@koa/router')}'\n`
const answering = (text: string): string => `new Koa().use((ctx) => { ctx.body = ${text} })`

describe('handlers module', () => {
  let folder = ''
  let count = 0
  const opened: Handlers[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'banyan handlers '))
  })
  afterEach(async () => {
    for (const handlers of opened.splice(0)) await handlers.close()
  })
  after(() => rm(folder, { recursive: true }))

  const load = async (source: string | null, url: string | null = null): Promise<Handlers> => {
    const module = join(folder, `app-${count++}.mjs`)
    if (source !== null) await writeFile(module, source)
    const config = { module, timeoutMs: 1000, concurrency: 4, databaseUrl: url }
    const handlers = await createHandlers(config, { log })
    opened.push(handlers)
    return handlers
  }
  const ask = async ({ send }: Handlers): Promise<string> => {
    const { body } = await send(inbound(), createOutlook())
    return String(body.whole)
  }

  const forms: Readonly<Record<string, string>> = {
    createApp: `${koa}export const createApp = () => ({ app: ${answering("'ok'")}, close() {} })`,
    'a createApp that takes its time': `${koa}export const createApp = async () => ({ app: ${answering("'ok'")}, async close() {} })`,
    'a createApp that returns the bare application': `${koa}export const createApp = () => ${answering("'ok'")}`,
    'an application as default': `${koa}export default ${answering("'ok'")}`,
    'an application named app': `${koa}export const app = ${answering("'ok'")}`,
  }
  for (const [name, source] of Object.entries(forms)) {
    it(`runs ${name}`, async () => {
      const handlers = await load(source)
      assert.equal(handlers.problem, null)
      assert.equal(await ask(handlers), 'ok')
    })
  }

  it('hands createApp the database and the role', async () => {
    const source = `${koa}export const createApp = (io) => ({ app: ${answering('[io.database, io.role]')} })`
    assert.equal(
      await ask(await load(source, 'mysql://db/x')),
      '[{"url":"mysql://db/x"},"primary"]',
    )
    assert.equal(await ask(await load(source)), '[{},"primary"]')
  })

  const broken: Readonly<Record<string, readonly [string | null, RegExp]>> = {
    'is missing': [null, /is not there\. Build the handlers, or correct the path/],
    'does not parse': ['export const = 1', /cannot be imported: .*"node .*" shows where/],
    'throws when imported': ["throw new Error('no luck')", /cannot be imported: no luck\./],
    'lacks a dependency': [
      "import 'nowhere-to-be-found'",
      /cannot be imported: .*nowhere-to-be-found/,
    ],
    'exports nothing of use': [
      'export const a = 1',
      /exports neither createApp.* nor a Koa application/,
    ],
    'has a createApp that throws': [
      "export const createApp = () => { throw new Error('no database') }",
      /createApp that failed: no database\./,
    ],
    'has a createApp that returns something else': [
      'export const createApp = () => ({ app: {} })',
      /returns no \{ app, close \}/,
    ],
  }
  for (const [name, [source, problem]] of Object.entries(broken)) {
    it(`serves without handlers when the module ${name}, and says the way out`, async () => {
      const handlers = await load(source)
      assert.match(handlers.problem ?? '', problem)
      assert.deepEqual([handlers.build, handlers.routeNames()], [null, null])
      const why = await refused(handlers.send(inbound(), createOutlook()))
      assert.deepEqual([why.code, why.effect], ['handler_missing', 'none'])
    })
  }

  it('names the build that the module names, and else one that changes with its folder', async () => {
    const named = await load(`${koa}export const build = 'v7'; export default ${answering('1')}`)
    assert.equal(named.build, 'v7')
    const source = `${koa}export default ${answering('1')}`
    const before = await load(source)
    await writeFile(join(folder, 'helper.mjs'), '')
    const after = await load(source)
    assert.match(before.build ?? '', /^[0-9a-f]{12}$/)
    assert.notEqual(before.build, after.build)
  })

  it('tells the names of the routes, of nested routers too, and null without a router', async () => {
    const routes = `${koa}${router}
      const inner = new Router({ prefix: '/tags' })
      inner.get('tags.list', '/', () => {})
      const outer = new Router()
      outer.get('articles.list', '/articles', () => {})
      outer.use(inner.routes())
      outer.get('/unnamed', () => {})
      export default new Koa().use(outer.routes()).use(outer.allowedMethods())`
    assert.deepEqual((await load(routes)).routeNames(), ['articles.list', 'tags.list'])
    assert.equal((await load(`${koa}export default ${answering('1')}`)).routeNames(), null)
  })

  it('finds no handler any more once closed, and closes the application once', async () => {
    const source = `${koa}let closed = 0
      export const createApp = () => ({ app: ${answering('1')}, close() { if (++closed > 1) process.exit(9); throw new Error('late') } })`
    const handlers = await load(source)
    await handlers.close()
    await handlers.close()
    assert.equal((await refused(handlers.send(inbound(), createOutlook()))).code, 'handler_missing')
  })
})
