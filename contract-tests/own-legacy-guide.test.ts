import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { packageRoot } from '../proxy/package-root.ts'
import { type Child, startChild } from './lab/child.ts'
import { freePort } from './lab/free-port.ts'

const cli = fileURLToPath(new URL('../proxy/cli.js', import.meta.url))
const page = readFileSync(join(packageRoot(), 'docs/guides/your-own-legacy.md'), 'utf8')

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (found) => found[1] ?? '',
  )

/** Somebody's backend. */
const startOrigin = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      response.end(`legacy says ${request.url}`)
    }).listen(0, '127.0.0.1', () => resolve(server))
  })

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('docs/guides/your-own-legacy.md', function () {
  this.timeout(60_000)
  const base = join(packageRoot(), 'var')
  mkdirSync(base, { recursive: true })
  // Below the package, so that the guide's handler finds Koa as it would in a project of its own.
  const dir = mkdtempSync(join(base, 'own-legacy-'))
  const file = join(dir, 'banyan.yaml')
  let origin: Server
  let banyan: Child | null = null

  before(async () => {
    origin = await startOrigin()
    writeFileSync(join(dir, 'handlers.js'), blocks('js')[0] ?? '')
    writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  })
  after(async () => {
    await banyan?.close()
    origin.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** The guide's first so many YAML blocks as one config, before the backend of this test. */
  const write = (count: number, more: object = {}): void => {
    const parts = blocks('yaml')
      .slice(0, count)
      .map((text) => parse(text) as object)
    const upstreams = { php: { url: `http://127.0.0.1:${portOf(origin)}` } }
    writeFileSync(file, stringify(Object.assign({}, ...parts, { upstreams }, more)))
  }
  const run = (...args: string[]): Promise<{ code: number; text: string }> =>
    new Promise((resolve) => {
      const words = [cli, ...args, '--config', file]
      execFile(process.execPath, words, { cwd: dir }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
      )
    })

  for (const count of [1, 2, 3]) {
    it(`gives a config that check accepts, after ${count} of its three steps`, async () => {
      write(count)
      const { code, text } = await run('check')
      assert.equal(code, 0, text)
    })
  }

  it('routes everything to the backend with four lines', async () => {
    write(1)
    const { text } = await run('explain', 'GET', '/anything/at/all')
    assert.match(text, /route {5}rest .*\n[\s\S]*target {4}legacy \(php\)/)
  })

  it('serves the backend, and then the handler', async () => {
    const ports = { listen: await freePort(), admin: await freePort() }
    write(3, {
      listen: { host: '127.0.0.1', port: ports.listen },
      admin: { port: ports.admin },
    })
    banyan = await startChild({
      name: 'banyan',
      dir,
      port: ports.listen,
      program: {
        command: () => [process.execPath, cli, 'serve', '--config', file],
        ready: /listening on http:\/\/[^:]+:(\d+)/,
        env: {},
        cwd: dir,
      },
    })
    const ask = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${ports.listen}/prices/42`)).text()
    assert.equal(await ask(), 'legacy says /prices/42')
    const flip = await run('flip', 'prices.get', 'modern')
    assert.equal(flip.code, 0, flip.text)
    assert.equal(await ask(), '{"id":"42","price":"12.50"}')
  })
})
