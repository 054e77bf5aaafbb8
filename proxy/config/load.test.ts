import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Loaded, loadConfig } from './load.ts'
import { parseConfig } from './parse.ts'

const php = 'upstreams: { php: { url: http://127.0.0.1:1, adapter: php } }\n'
const codes = ({ diagnostics }: Loaded): readonly string[] => diagnostics.map(({ code }) => code)

describe('loadConfig', () => {
  let directory = ''
  const at = (name: string): string => join(directory, name)
  const load = (env: Record<string, string> = {}, worker?: URL): Promise<Loaded> =>
    loadConfig(at('banyan.yaml'), {
      env,
      adapters: ['php'],
      stable: { pauseMs: 5 },
      ...(worker === undefined ? {} : { worker }),
    })

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'banyan load ')) // a path with spaces
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('reads the file and every file that it includes, in the order of their names', async () => {
    await mkdir(at('routes'))
    await writeFile(
      at('banyan.yaml'),
      `${php}include: [routes/*.yaml]\ndefaults: { legacy: php }\n`,
    )
    await writeFile(at('routes/b.yaml'), 'routes: { b: { match: /b } }\n')
    await writeFile(at('routes/a.yaml'), `routes: { a: { match: "/\${A}" } }\n`)
    await writeFile(at('routes/.a.yaml.swp'), 'not this')
    const loaded = await load({ A: 'alpha' })
    assert.deepEqual(codes(loaded), [])
    assert.deepEqual(
      loaded.config?.routes.map(({ match }) => match.path),
      ['/alpha', '/b'],
    )
    assert.deepEqual(loaded.files, ['banyan.yaml', 'routes/a.yaml', 'routes/b.yaml'].map(at))
    assert(loaded.directories.includes(directory) && loaded.directories.includes(at('routes')))
  })

  it('hands back a config frozen to its leaves', async () => {
    await writeFile(at('banyan.yaml'), `${php}routes: { a: { match: /a, legacy: php } }\n`)
    const { config } = await load()
    assert(Object.isFrozen(config) && Object.isFrozen(config?.routes))
    assert(Object.isFrozen(config?.routes[0]?.match) && Object.isFrozen(config?.upstreams.php))
  })

  it('names a file that is not there, and still tells where it would be', async () => {
    const loaded = await load()
    assert.deepEqual(codes(loaded), ['BC1001'])
    assert.deepEqual([loaded.config, loaded.files], [null, [at('banyan.yaml')]])
  })

  it('warns of an include that matches nothing', async () => {
    await writeFile(
      at('banyan.yaml'),
      `${php}include: [none/*.yaml]\nroutes: { a: { match: /a, legacy: php } }\n`,
    )
    const loaded = await load()
    assert.deepEqual(codes(loaded), ['BC1006'])
    assert.equal(loaded.diagnostics[0]?.line, 2)
    assert.equal(loaded.config?.routes.length, 1)
  })

  it('refuses a config of which one file cannot be read', async () => {
    await mkdir(at('b.yaml'))
    await writeFile(
      at('banyan.yaml'),
      `${php}include: [b.yaml]\nroutes: { a: { match: /a, legacy: php } }\n`,
    )
    const loaded = await load()
    assert.deepEqual([codes(loaded), loaded.config], [['BC1001'], null])
  })

  it('names a handlers module that is not there', async () => {
    await writeFile(
      at('banyan.yaml'),
      `${php}handlers: { module: app.js }\nroutes: { a: { match: /a, legacy: php } }\n`,
    )
    assert.deepEqual(codes(await load()), ['BC1206'])
  })

  for (const [title, code] of [
    ['throws', 'throw new Error("out of luck")'],
    ['exits', 'process.exit(3)'],
    ['does not parse', '}'],
  ] as const)
    it(`says so when the loader thread ${title}`, async () => {
      await writeFile(at('banyan.yaml'), php)
      const worker = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
      const loaded = await load({}, worker)
      assert.deepEqual([codes(loaded), loaded.config], [['BC1008'], null])
    })

  it('does not parse 2 000 routes on the thread that asks', async function () {
    this.timeout(60_000)
    const routes = Array.from(
      { length: 2_000 },
      (_, i) => `  r${i}: { match: "GET /a/${i}/:id", legacy: php, effects: read }\n`,
    )
    const text = `${php}routes:\n${routes.join('')}`
    await writeFile(at('banyan.yaml'), text)
    await load()
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const { config } = await load()
    delay.disable()
    assert.equal(config?.routes.length, 2_000)
    const began = performance.now()
    parseConfig([{ file: 'banyan.yaml', text }])
    const onThisThread = performance.now() - began
    // No proof of a latency budget: machines that run tests are too noisy (measured: ADR 0009).
    const longest = delay.max / 1e6
    const least = Math.max(100, onThisThread / 3)
    assert(longest < least, `${longest} ms of delay; parsing here takes ${onThisThread} ms`)
  })
})
