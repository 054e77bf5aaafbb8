import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { packageRoot } from '../proxy/package-root.ts'
import { type Block, blocksOf, type Typed, typedIn } from './guide-page.ts'
import { type Child, startChild } from './lab/child.ts'
import { freePort } from './lab/free-port.ts'

const page = 'docs/guides/your-own-legacy.md'
const cli = fileURLToPath(new URL('../proxy/cli.js', import.meta.url))

describe(page, function () {
  this.timeout(60_000)
  const base = join(packageRoot(), 'var')
  mkdirSync(base, { recursive: true })
  // Below the package, so that the guide's handler finds Koa as it would in a project of its own.
  const dir = mkdtempSync(join(base, 'own-legacy-'))
  const ports = { listen: 0, admin: 0 }
  /** What the YAML of the page comes to so far. */
  let config: object = {}
  let backend: Server
  let asked = 0
  let banyan: Child | null = null

  before(async () => {
    backend = createServer((_, response) => {
      asked += 1
      response.end('{"id":"42","price":"12.50"}\n')
    })
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve))
    Object.assign(ports, { listen: await freePort(), admin: await freePort() })
    mkdirSync(join(dir, 'config'))
    writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  })
  after(async () => {
    await banyan?.close()
    backend.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** As somebody edits the file, before the backend and on the ports of this test. */
  const edit = (yaml: string): void => {
    const { port } = backend.address() as AddressInfo
    config = {
      ...{ ...config, ...(parse(yaml) as object) },
      upstreams: { php: { url: `http://127.0.0.1:${port}` } },
      listen: { host: '127.0.0.1', port: ports.listen, drain: { delay: '0s', grace: '0s' } },
      admin: { port: ports.admin },
    }
    writeFileSync(join(dir, 'config/banyan.yaml'), stringify(config))
  }
  const serve = async (): Promise<void> => {
    if (banyan !== null) return banyan.restart()
    banyan = await startChild({
      ...{ name: 'banyan', dir, port: ports.listen },
      program: {
        command: () => [process.execPath, cli, 'serve'],
        ready: /listening on http:\/\/[^:]+:(\d+)/,
        env: {},
        cwd: dir,
      },
    })
  }
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${ports.listen}${path}`)
  const programs: Readonly<Record<string, (words: readonly string[]) => Promise<string>>> = {
    banyan: (words) =>
      new Promise((resolve) => {
        execFile(process.execPath, [cli, ...words], { cwd: dir }, (error, stdout, stderr) =>
          resolve(`${stdout}${stderr}${error === null ? '' : `exit code ${error.code}\n`}`),
        )
      }),
    curl: async ([url = '']) => {
      const text = await (await get(new URL(url).pathname)).text()
      return text.endsWith('\n') ? text : `${text}\n`
    },
  }
  const type = async ({ words: [program, ...words], printed }: Typed): Promise<void> => {
    const text = (await programs[program]?.(words)) ?? `there is no ${program}`
    assert.match(text, printed)
    assert.doesNotMatch(text, /^exit code/m)
  }

  const follow: Readonly<Record<string, (block: Block) => void>> = {
    yaml: ({ text }) => it('edits the config', () => edit(text)),
    js: ({ text }) =>
      it('writes the handlers', () => writeFileSync(join(dir, 'config/handlers.js'), text)),
    sh: ({ text }) => {
      assert.equal(text, 'npx --no-install banyan serve\n')
      it('banyan serve', serve)
    },
    console: (block) => {
      for (const typed of typedIn(block)) it(typed.words.join(' '), () => type(typed))
    },
  }
  for (const block of blocksOf(page)) {
    const { [block.language]: step } = follow
    assert.ok(step, `nobody knows how to follow ${block.language}`)
    step(block)
  }

  it('ends with a handler that answers in place of the backend', async () => {
    const before = asked
    assert.deepEqual(await (await get('/prices/42')).json(), { id: '42', price: '12.50' })
    assert.equal(asked, before)
  })
})
