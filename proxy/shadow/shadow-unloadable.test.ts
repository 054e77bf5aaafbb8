import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RouteChanges } from '../routing/plain-route.ts'
import { type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

/** Served inline it would be well. */
const text = `
import Koa from '${import.meta.resolve('koa')}'
export const createApp = ({ role }) => {
  if (role === 'shadow') throw new Error('no twin is there for shadows')
  return { app: new Koa(), close: async () => {} }
}
`

// biome-ignore format: a table reads best as a table
const routes: readonly (readonly [string, RouteChanges, string])[] = [
  ['a route that reads',             { effects: 'read' },                      'shadow_error:null'],
  ['one whose writes are captured',  { effects: 'write', writes: 'capture' },  'shed:lanes'],
]

describe('handlers that no lane can load', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-unloadable-'))
  const module = join(dir, 'app.mjs')
  writeFileSync(module, text)
  after(() => rmSync(dir, { recursive: true, force: true }))
  let lab: ShadowLab | null = null
  afterEach(async () => {
    await lab?.close()
    lab = null
  })

  for (const [what, route, expected] of routes)
    it(`are told apart from lanes that are taken, and by their own words, of ${what}`, async () => {
      const opened = await startShadowLab({ legacy: saying('{}'), route, handlers: { module } })
      lab = opened
      let told = ''
      // Until the first lane has been tried there is none that is free.
      for (let count = 1; told !== expected; count++) {
        assert.equal((await opened.ask({ path: `/${count}` })).status, 200)
        const { tally } = (await opened.outcomes(count))[count - 1] ?? assert.fail()
        told = `${tally.outcome}:${tally.reason}`
        if (told === expected) break
        assert.equal(told, 'shed:lanes_taken')
        await once(AbortSignal.timeout(20), 'abort')
      }
      const status = await fetch(`${opened.adminUrl}/v1/status`)
      assert.match(await status.text(), /no twin is there for shadows/)
    }).timeout(30_000)
})
