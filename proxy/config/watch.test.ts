import assert from 'node:assert/strict'
import { mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { loadConfig } from './load.ts'
import type { ReloaderOptions } from './reload.ts'
import { type ConfigWatch, createConfigWatch } from './watch.ts'

/** First and last line say the same number: a half of it is seen for what it is. */
const textOf = (n: number): string => `# ${n}
upstreams: { php: { url: "http://127.0.0.1:${n}" } }
routes:
${Array.from({ length: 50 }, (_, i) => `  r${i}: { match: /${i}, legacy: php, tags: [t${n}] }\n`).join('')}`

const numberOf = (config: Config): number => Number(config.upstreams.php?.urls[0]?.split(':')[2])

const isWhole = (config: Config): boolean =>
  config.routes.length === 50 &&
  config.routes.every(({ tags }) => tags[0] === `t${numberOf(config)}`)

/** Resolves once `until` holds; asked whenever the watch has done something. */
const createSignal = () => {
  let waiting: readonly (() => void)[] = []
  return {
    ring: (): void => {
      for (const go of waiting) go()
    },
    until: (holds: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (holds()) resolve()
        }
        waiting = [...waiting, look]
        look()
      }),
  }
}

describe('createConfigWatch', function () {
  this.timeout(60_000)
  let directory = ''
  let path = ''
  let watch: ConfigWatch | null = null
  let applied: number[] = []
  let signal = createSignal()

  const load = () => loadConfig(path, { env: {}, adapters: null, stable: { pauseMs: 20 } })
  const start = async (over: Partial<ReloaderOptions & { pollMs: number }> = {}) => {
    const loaded = await load()
    assert(loaded.config !== null)
    watch = createConfigWatch({
      path,
      running: loaded.config,
      loaded,
      load,
      apply: (config) => {
        applied.push(isWhole(config) ? numberOf(config) : Number.NaN)
      },
      onApplied: () => signal.ring(),
      onRejected: () => signal.ring(),
      onTrouble: (error) => assert.fail(error instanceof Error ? error : String(error)),
      debounceMs: 20,
      pollMs: 250,
      ...over,
    })
    return watch
  }

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'banyan-watch-'))
    path = join(directory, 'banyan.yaml')
    applied = []
    signal = createSignal()
    await writeFile(path, textOf(1))
  })
  afterEach(async () => {
    await watch?.close()
    watch = null
    await rm(directory, { recursive: true })
  })

  it('ends at the last of 100 rewrites in place and applies no half of one', async () => {
    await start()
    for (let n = 2; n <= 101; n++) {
      const file = await open(path, 'w')
      const text = textOf(n)
      for (let at = 0; at < text.length; at += 1_000) await file.write(text.slice(at, at + 1_000))
      await file.close()
      if (n % 20 === 0) await signal.until(() => applied.at(-1) === n)
    }
    await signal.until(() => applied.at(-1) === 101)
    assert(!applied.includes(Number.NaN))
  })

  it('ends at the last of 100 atomic renames', async () => {
    await start()
    for (let n = 2; n <= 101; n++) {
      await writeFile(`${path}.tmp`, textOf(n))
      await rename(`${path}.tmp`, path)
      if (n % 20 === 0) await signal.until(() => applied.at(-1) === n)
    }
    await signal.until(() => applied.at(-1) === 101)
    assert(!applied.includes(Number.NaN))
  })

  it('ends at a file that changed during a load, and back again', async () => {
    let meanwhile = true
    const loadAnother = async () => {
      if (!meanwhile) return load()
      meanwhile = false
      await writeFile(path, textOf(2))
      const loaded = await load()
      await writeFile(path, textOf(1))
      return loaded
    }
    const { reload } = await start({ load: loadAnother })
    await reload()
    await signal.until(() => applied.length === 2)
    assert.deepEqual(applied, [2, 1])
  })

  it('sees every swap of the link that a mounted directory hangs on', async () => {
    const swap = async (n: number): Promise<void> => {
      await mkdir(join(directory, `..${n}`))
      await writeFile(join(directory, `..${n}`, 'banyan.yaml'), textOf(n))
      await symlink(`..${n}`, join(directory, '..data_tmp'))
      await rename(join(directory, '..data_tmp'), join(directory, '..data'))
    }
    await rm(path)
    await swap(1)
    await symlink('..data/banyan.yaml', path)
    await start({ pollMs: 600_000 })
    for (let n = 2; n <= 5; n++) {
      await swap(n)
      await signal.until(() => applied.at(-1) === n)
    }
  })

  it('sees a change that no watch reports, by looking', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'banyan-real-'))
    await mkdir(join(elsewhere, 'a'))
    await writeFile(join(elsewhere, 'a', 'banyan.yaml'), textOf(1))
    await rm(path)
    await symlink(join(elsewhere, 'link', 'banyan.yaml'), path)
    await symlink('a', join(elsewhere, 'link'))
    await start({ pollMs: 50 })
    await mkdir(join(elsewhere, 'b'))
    await writeFile(join(elsewhere, 'b', 'banyan.yaml'), textOf(2))
    await symlink('b', join(elsewhere, 'next'))
    await rename(join(elsewhere, 'next'), join(elsewhere, 'link'))
    await signal.until(() => applied.at(-1) === 2)
    await rm(elsewhere, { recursive: true })
  })

  it('watches the files that a new config includes', async () => {
    const { reload, state } = await start({ apply: () => {}, pollMs: 600_000 })
    await mkdir(join(directory, 'routes'))
    await writeFile(
      join(directory, 'routes', 'a.yaml'),
      'routes: { a: { match: /a, legacy: php } }',
    )
    await writeFile(path, `include: [routes/*.yaml]\n${textOf(1)}`)
    await reload()
    assert.equal(state().running.routes.length, 51)
    await writeFile(
      join(directory, 'routes', 'b.yaml'),
      'routes: { b: { match: /b, legacy: php } }',
    )
    await signal.until(() => state().running.routes.length === 52)
  })
})
