import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RouteChanges } from '../routing/plain-route.ts'
import { type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

/** Served inline it would be well. @param deed what it does in the shadows */
const textOf = (deed: string): string => `
import { connect } from 'node:net'
import Koa from '${import.meta.resolve('koa')}'
export const createApp = async ({ role }) => {
  if (role === 'shadow') { ${deed} }
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
  writeFileSync(module, textOf(`throw new Error('no twin is there for shadows')`))
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

  // biome-ignore format: a table reads best as a table
  const reaching: readonly (readonly [how: string, deed: string, told: RegExp])[] = [
    ['say of it what they like',    `await fetch('http://127.0.0.1:65001/').catch(() => { throw new Error('Connection is closed') })`, /Connection is closed.*refused a connection to 127\.0\.0\.1:65001/],
    ['hear no error of a socket',   `connect(65001, '127.0.0.1')`,                              /threw outside of its request: a shadow may not reach out: a connection to 127\.0\.0\.1:65001/],
  ]
  for (const isolation of ['process', 'thread'] as const)
    for (const [how, deed, told] of reaching)
      it(`for what they may not reach are told by its name, where they ${how}, in a ${isolation}`, async () => {
        const own = join(dir, `${isolation}-${how.length}.mjs`)
        writeFileSync(own, textOf(deed))
        const about = { handlers: { module: own }, shadow: { isolation } }
        lab = await startShadowLab({ legacy: saying('{}'), ...about })
        await lab.ask()
        await lab.outcomes(1)
        assert.match(await (await fetch(`${lab.adminUrl}/v1/status`)).text(), told)
        const ended = lab.heard.find(({ event }) => event === 'lane_ended')
        assert.match(String(ended?.fields?.problem), told)
      }).timeout(30_000)
})
