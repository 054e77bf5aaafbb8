import assert from 'node:assert/strict'
import { join } from 'node:path'
import { writeLastGood } from '../config/last-good.ts'
import { common, createFolder, type Folder } from './command-lab.ts'
import { findFirstConfig } from './first-config.ts'

const good =
  'stateDir: STATE\nupstreams: { php: { url: http://127.0.0.1:1 } }\nroutes: { rest: { match: /*, legacy: php } }\n'

describe('findFirstConfig', () => {
  let folder: Folder
  beforeEach(() => {
    folder = createFolder()
  })
  afterEach(() => folder.remove())

  const cases: readonly (readonly [what: string, stateDir: string, broken: string])[] = [
    ['beside the config, of a file that says nothing', 'var', ''],
    ['where a file says that is broken elsewhere', 'kept', 'stateDir: kept\nroutes: [\n'],
    ['where a service keeps its state, of a file that says nothing', 'service', ''],
  ]
  for (const [what, stateDir, broken] of cases) {
    it(`finds the last good config ${what}`, async () => {
      const path = folder.write('b.yaml', good.replace('STATE', stateDir))
      const io = { env: {}, err: () => {} }
      const { loaded } = await findFirstConfig(common(path), io)
      assert.ok(loaded.pieces)
      await writeLastGood(join(folder.path, stateDir), loaded.pieces)
      folder.write('b.yaml', broken)
      const env = stateDir === 'service' ? { STATE_DIRECTORY: join(folder.path, 'service') } : {}
      const { config, isLastGood } = await findFirstConfig(common(path), { ...io, env })
      assert.deepEqual([config.revision, isLastGood], [loaded.config?.revision, true])
    })
  }
})
