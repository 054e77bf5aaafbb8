import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLastGood } from './last-good.ts'
import type { Loaded } from './load.ts'
import { parseConfig } from './parse.ts'
import { createReloader, type Reloader, type ReloaderOptions } from './reload.ts'
import { serializeConfig } from './serialized.ts'

const php = 'upstreams: { php: { url: http://127.0.0.1:1 } }\n'
const good = `${php}routes: { rest: { match: /*, legacy: php } }\n`
const other = `${php}routes: { rest: { match: /all/*, legacy: php } }\n`
const bad = `${php}routes: { rest: { match: /*, legcy: php } }\n`

describe('createReloader', () => {
  let directory = ''
  const loadedOf = (text: string): Loaded => {
    const { config, diagnostics } = parseConfig([{ file: 'banyan.yaml', text }], { directory })
    const pieces = config === null ? null : serializeConfig(config)
    return { config, diagnostics, pieces, files: ['/banyan.yaml'], directories: ['/'], hash: text }
  }
  /** A reloader that runs `good`, and then loads these texts one after the other. */
  const reloaderOf = (texts: readonly string[], over: Partial<ReloaderOptions> = {}): Reloader => {
    const loaded = loadedOf(good)
    assert(loaded.config !== null)
    const rest = [...texts]
    return createReloader({
      path: 'banyan.yaml',
      running: loaded.config,
      loaded,
      load: async () => loadedOf(rest.shift() ?? ''),
      apply: () => {},
      onTrouble: (error) => assert.fail(String(error)),
      now: () => 42,
      ...over,
    })
  }
  const pathOf = (reloader: Reloader) => reloader.state().running.routes[0]?.match.path

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'banyan-reload-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('puts another config in force, once', async () => {
    const applied: string[] = []
    const apply: ReloaderOptions['apply'] = ({ revision }) => void applied.push(revision)
    const reloader = reloaderOf([other, `# comment\n${other}`], { apply })
    assert.deepEqual([await reloader.attempt(), await reloader.attempt()], ['applied', 'unchanged'])
    assert.deepEqual(applied, [reloader.state().running.revision])
    assert.deepEqual(reloader.state().counts, { applied: 1, unchanged: 1, rejected: 0 })
  })

  it('keeps the running config while the file is wrong, and says why', async () => {
    const reloader = reloaderOf([bad, '', good])
    assert.equal(await reloader.attempt(), 'rejected')
    const { rejected } = reloader.state()
    assert.deepEqual(
      [rejected?.at, rejected?.diagnostics.map(({ code }) => code)],
      [42, ['BC1404', 'BC1101']],
    )
    assert.equal(pathOf(reloader), '/*')
    assert.equal(await reloader.attempt(), 'rejected')
    assert.equal(reloader.state().rejected?.diagnostics[0]?.code, 'BC1002')
    assert.equal(await reloader.attempt(), 'unchanged')
    assert.equal(reloader.state().rejected, null)
  })

  it('keeps the running config where another cannot be put in force', async () => {
    const apply = (): never => {
      throw new Error('no pool')
    }
    const reloader = reloaderOf([other], { apply })
    assert.equal(await reloader.attempt(), 'rejected')
    assert.equal(reloader.state().rejected?.diagnostics[0]?.code, 'BC1009')
    assert.equal(pathOf(reloader), '/*')
  })

  it('begins as rejected when it runs the last good config instead of the file', async () => {
    const reloader = reloaderOf([], { loaded: loadedOf(bad) })
    assert.equal(reloader.state().rejected?.diagnostics.length, 2)
    await reloader.save()
    assert.equal(await readLastGood(join(directory, 'var')), null)
  })

  it('applies the hot part, keeps the process part and names what needs a restart', async () => {
    const reloader = reloaderOf([`listen: { port: 8888, drain: { delay: 1s } }\n${other}`])
    assert.equal(await reloader.attempt(), 'applied')
    const { needsRestart, running } = reloader.state()
    assert.deepEqual(needsRestart, ['listen.port', 'listen.drain.delay'])
    assert.deepEqual([running.listen.port, pathOf(reloader)], [8080, '/all/*'])
  })

  it('names what needs a restart where nothing else has changed', async () => {
    const warned = `${good}log: { level: warn }\n`
    const told: (readonly string[])[] = []
    const onNeedsRestart = (paths: readonly string[]): void => void told.push(paths)
    const reloader = reloaderOf([warned, warned, good], { onNeedsRestart })
    assert.equal(await reloader.attempt(), 'unchanged')
    assert.deepEqual(reloader.state().needsRestart, ['log.level'])
    await reloader.attempt()
    await reloader.attempt()
    assert.deepEqual(reloader.state().needsRestart, [])
    assert.deepEqual(told, [['log.level']])
  })

  it('writes the last good config for its owner alone, and trusts no other text', async () => {
    const reloader = reloaderOf([other])
    const { stateDir } = reloader.state().running
    await reloader.save()
    assert.deepEqual(await readLastGood(stateDir), reloader.state().running)
    await reloader.attempt()
    assert.deepEqual(await readLastGood(stateDir), reloader.state().running)
    const file = join(stateDir, 'last-good.json')
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    await writeFile(file, (await readFile(file, 'utf8')).replace('/all/*', '/*'))
    assert.equal(await readLastGood(stateDir), null)
    assert.equal(await readLastGood(directory), null)
  })

  it('reports that the last good config cannot be written, and reloads all the same', async () => {
    await writeFile(join(directory, 'var'), 'a file where the directory should be')
    const trouble: unknown[] = []
    const reloader = reloaderOf([other], { onTrouble: (error) => trouble.push(error) })
    assert.equal(await reloader.attempt(), 'applied')
    assert.equal(trouble.length, 1)
  })
})
