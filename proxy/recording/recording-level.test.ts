import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { common, run } from '../commands/command-lab.ts'
import { record } from '../commands/record.ts'
import { type Listener, saying } from '../shadow/shadow-lab.ts'
import { exchangesOf, type RecordingLab, startRecordingLab } from './recording-lab.ts'

const routes = `
  any: { match: "GET /*", legacy: php, modern: ts, effects: read, stage: shadow }
`
const modern: Listener = saying('{"word":"marzipan"}')
const legacy: Listener = saying('{"word":"nougat"}')

/** Everything that was written anywhere below a folder. */
const written = (path: string): string =>
  readdirSync(path)
    .map((name) => join(path, name))
    .map((each) => (statSync(each).isDirectory() ? written(each) : readFileSync(each, 'latin1')))
    .join('\n')

describe('a proxy that may keep nothing of what exchanges hold', function (this: Mocha.Suite) {
  this.timeout(30_000)
  let lab: RecordingLab | null = null
  afterEach(async () => {
    await lab?.close()
    lab = null
  })

  for (const store of ['none', 'paths'] as const)
    it(`refuses to record at ${store}, with the way out, and leaves no value anywhere`, async () => {
      const opened = await startRecordingLab({ routes, store, legacy, modern })
      lab = opened
      const out = join(opened.folder.path, 'recording.ndjson')
      const wish = { ...common(opened.config), routes: [], for: '1m', limit: '9', size: '1MiB' }
      const refused = await run((io) => record({ ...wish, out, admin: opened.adminUrl }, io))
      assert.equal(refused.code, 1)
      assert.match(refused.err, new RegExp(`shadow\\.store: ${store}`))
      assert.match(refused.err, /Say shadow\.store: redacted in the config, and restart/)
      assert.ok(!existsSync(out))
      await opened.ask({ path: '/a' })
      while (opened.tallies.length === 0) await once(AbortSignal.timeout(20), 'abort')
      assert.equal(opened.tallies[0]?.outcome, 'mismatch')
      await opened.proxy.close()
      assert.doesNotMatch(written(opened.folder.path), /nougat|marzipan/)
    })

  it('records at redacted', async () => {
    const opened = await startRecordingLab({ routes, legacy, modern })
    lab = opened
    const file = await opened.record(async () => void (await opened.ask({ path: '/a' })))
    assert.equal(exchangesOf(file).length, 1)
  })
})
