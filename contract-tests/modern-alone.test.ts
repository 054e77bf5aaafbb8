/** The day after: what is left when the proxy and the legacy are deleted still compiles and runs. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { packageRoot } from '../proxy/package-root.ts'

/** All of the repository that the rewritten application needs; tests are not taken along. */
const needed = ['package.json', 'tsconfig.json', 'routes', 'migrations'] as const

const run = promisify(execFile)

describe('the modern application without proxy/ and legacy-adapters/', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-alone-'))
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: `sqlite:${join(dir, 'conduit.db')}`,
    JWT_SECRET: 'a secret of the tests',
    BCRYPT_COST: '4',
    PORT: '0',
  }

  before(async function () {
    this.timeout(60_000)
    const root = packageRoot()
    for (const name of needed) {
      const filter = (path: string): boolean => !path.endsWith('.test.ts')
      cpSync(join(root, name), join(dir, name), { recursive: true, filter })
    }
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
    await run(join(dir, 'node_modules/.bin/tsc'), [], { cwd: dir })
    await run(process.execPath, ['dist/migrations/migrate.js', 'up'], { cwd: dir, env })
  })
  after(() => rmSync(dir, { recursive: true, force: true }))

  it('is made of nothing else', () => {
    assert.deepEqual(readdirSync(join(dir, 'dist')).sort(), ['migrations', 'routes'])
    assert.ok(!existsSync(join(dir, 'proxy')))
  })

  it('serves the API, and leaves when it is asked to', async () => {
    const child = spawn(process.execPath, ['dist/routes/server.js'], { cwd: dir, env })
    const gone = once(child, 'close')
    try {
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
      const origin = `http://127.0.0.1:${JSON.parse(line).port}`
      const ask = async (method: string, path: string, body?: object, token = '') => {
        const headers = { 'content-type': 'application/json', authorization: `Token ${token}` }
        const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) }
        const answer = await fetch(origin + path, init)
        return { status: answer.status, json: (await answer.json()) as never }
      }
      await askForAll(ask)
    } finally {
      child.kill('SIGTERM')
    }
    assert.deepEqual(await gone, [0, null])
  }).timeout(20_000)
})

interface Answered {
  readonly status: number
  readonly json: {
    readonly user: { readonly token: string; readonly username: string }
    readonly article: { readonly slug: string; readonly author: { readonly username: string } }
    readonly articlesCount: number
    readonly errors: Readonly<Record<string, readonly string[]>>
    readonly openapi: string
  }
}

type Ask = (method: string, path: string, body?: object, token?: string) => Promise<Answered>

const askForAll = async (ask: Ask): Promise<void> => {
  const account = { username: 'ann', email: 'ann@example.com', password: 'a password' }
  assert.equal((await ask('POST', '/api/users', { user: account })).status, 201)
  const login = await ask('POST', '/api/users/login', { user: account })
  assert.equal(login.status, 200)
  const { token } = login.json.user
  const article = { title: 'On its own', description: 'd', body: 'b', tagList: ['x'] }
  const written = await ask('POST', '/api/articles', { article }, token)
  assert.equal(written.status, 201)
  const read = await ask('GET', `/api/articles/${written.json.article.slug}`)
  assert.deepEqual([read.status, read.json.article.author.username], [200, 'ann'])
  assert.equal((await ask('GET', '/api/articles?tag=x')).json.articlesCount, 1)
  const refused = await ask('POST', '/api/articles', { article: {} }, token)
  assert.deepEqual([refused.status, Object.keys(refused.json.errors).length], [422, 3])
  assert.equal((await ask('GET', '/api/user')).status, 401)
  assert.deepEqual((await ask('GET', '/')).json.errors, { route: ['not found'] })
  assert.equal((await ask('GET', '/api/openapi.json')).json.openapi, '3.1.0')
}
