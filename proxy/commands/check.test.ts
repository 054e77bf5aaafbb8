import assert from 'node:assert/strict'
import type { Bypass } from '../routing/bypasses.ts'
import { type CheckOptions, check } from './check.ts'
import { common, createFolder, type Folder, plainFile, run } from './command-lab.ts'
import type { Io } from './io.ts'

/** A Koa application as far as check looks at one: names of routes, and the one path of each. */
const handlersOf = (paths: Readonly<Record<string, string>>): string => `
const layers = Object.entries(${JSON.stringify(paths)}).map(([name, path]) => ({ name, path }))
const match = (path) => ({ pathAndMethod: layers.filter((layer) => layer.path === path) })
const middleware = Object.assign(() => {}, { router: { stack: layers, match } })
const app = { middleware: [middleware], on() {}, callback: () => () => {} }
export const createApp = () => ({ app, close: async () => {} })
`
const fileWith = (route: string): string => `
upstreams: { php: { url: http://127.0.0.1:9 } }
handlers: { module: app.mjs }
routes:
  articles.list: { match: GET /articles, legacy: php, modern: handlers, effects: read, ${route} }
`

describe('check', () => {
  let folder: Folder
  beforeEach(() => {
    folder = createFolder()
  })
  afterEach(() => folder.remove())

  const checked = (text: string, options: Partial<CheckOptions> = {}, io: Partial<Io> = {}) => {
    const given = { ...common(folder.write('b.yaml', text)), format: 'text', ...options }
    return run((world) => check(given, world), io)
  }

  it('counts routes and names the revision of a good file', async () => {
    const { code, out } = await checked(plainFile)
    assert.equal(code, 0)
    assert.match(out, /b\.yaml: 3 routes, revision [\da-f]{12}\n$/)
  })

  it('says whether force by token is on', async () => {
    assert.match((await checked(plainFile)).out, /force by token is off: BANYAN_FORCE_KEY/)
    const { out } = await checked(plainFile, {}, { env: { BANYAN_FORCE_KEY: 'k' } })
    assert.doesNotMatch(out, /force/)
  })

  it('exits 1 with every diagnostic at its place', async () => {
    const { code, out } = await checked(plainFile.replace('stage: legacy', 'stage: legasy'))
    assert.equal(code, 1)
    assert.match(out, /b\.yaml:9:\d+ {2}error {2}BC1103/)
    assert.match(out, /1 error, 0 warnings/)
  })

  it('names the legacy stacks it knows beside one that it does not', async () => {
    const { code, out } = await checked(
      'upstreams: { php: { url: http://a, adapter: perl } }\nroutes: { rest: { match: /*, legacy: php } }',
    )
    assert.equal(code, 1)
    assert.match(out, /:1:45 {2}error {2}BC1202[\s\S]*allowed: php, ruby/)
  })

  it('prints JSON for programs and annotations for GitHub', async () => {
    const wrong = plainFile.replace('stage: legacy', 'stage: legasy')
    const { ok, diagnostics } = JSON.parse((await checked(wrong, { json: true })).out)
    assert.deepEqual([ok, diagnostics[0].line], [false, 9])
    assert.match((await checked(wrong, { format: 'github' })).out, /^::error file=.*line=9/m)
  })

  it('exits 3 where there is no file', async () => {
    const { code, out } = await run((io) => check({ ...common('none.yaml'), format: 'text' }, io))
    assert.equal(code, 3)
    assert.match(out, /no such file/)
  })

  it('exits 2 on an unknown format', async () => {
    assert.equal((await checked(plainFile, { format: 'sarif' })).code, 2)
  })

  const handled: readonly (readonly [string, string, string, RegExp | null])[] = [
    ['reaches its handler', '/articles', 'stage: modern', null],
    ['has no handler by its name', '', 'stage: modern', /"articles.list" is at modern and/],
    ['needs no handler at legacy', '', 'stage: legacy', null],
    ['has a handler with another path', '/other', 'stage: modern', /not take the example GET/],
  ]
  for (const [title, path, stage, sentence] of handled) {
    it(`judges a route that ${title}`, async () => {
      folder.write('app.mjs', handlersOf(path === '' ? { other: '/' } : { 'articles.list': path }))
      const file = fileWith(`${stage}, examples: ["GET /articles?limit=5"]`)
      const { code, out } = await checked(file)
      assert.equal(code, sentence === null ? 0 : 1, out)
      if (sentence !== null) assert.match(out, sentence)
    })
  }

  it('shows the ways round its routes, and JSON has them all', async () => {
    const open = plainFile.replace('127.0.0.1:9 }', '127.0.0.1:9, normaliser: [php, tomcat] }')
    const { code, out } = await checked(open)
    assert.equal(code, 0)
    assert.match(out, /articles\.get +\d+ +tomcat, php +rest +\/%c1%a1rticles\/x, /)
    const { bypasses } = JSON.parse((await checked(open, { json: true })).out)
    assert.deepEqual(
      bypasses.find(({ spelling }: Bypass) => spelling === '/index.php/articles/x'),
      { route: 'articles.get', spelling: '/index.php/articles/x', profile: 'php', takenBy: 'rest' },
    )
  })

  it('shows none where the routes refuse such spellings', async () => {
    const closed = plainFile
      .replace('127.0.0.1:9 }', '127.0.0.1:9, normaliser: php }')
      .replace('routes:', 'defaults: { onAmbiguousPath: reject }\nroutes:')
    assert.doesNotMatch((await checked(closed)).out, /WAYS/)
  })

  it('says what keeps the handlers from being imported', async () => {
    folder.write('app.mjs', 'throw new Error("no database")')
    const { code, out } = await checked(fileWith('stage: modern'))
    assert.equal(code, 1)
    assert.match(out, /cannot be imported: no database/)
  })
})
