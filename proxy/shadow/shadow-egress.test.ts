import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { common, run } from '../commands/command-lab.ts'
import { diffs } from '../commands/diffs.ts'
import { diffsView } from '../commands/diffs-view.ts'
import { exemplarView } from '../commands/exemplar-view.ts'
import { createPaint } from '../commands/text.ts'
import type { RouteDiffs } from '../cutover/route-diffs.ts'
import { type ShadowLab, saying, startOrigin, startShadowLab } from './shadow-lab.ts'

/** Tells somebody of its start; the path of a request says what its handler does. */
const text = `
import Koa from '${import.meta.resolve('koa')}'
const started = await fetch('http://127.0.0.1:65001/started').then(() => 'told', () => 'not told')
const deeds = {
  '/same': () => '{}',
  '/mails': () => fetch('http://127.0.0.1:65001/mail?to=ann', { method: 'POST' }).then(() => '{}', () => '{}'),
  '/poorer': () => JSON.stringify({ started }),
}
export const createApp = () => {
  const app = new Koa()
  app.use(async (ctx) => {
    ctx.type = 'application/json'
    ctx.body = await deeds[ctx.path](ctx)
  })
  return { app, close: async () => {} }
}
`

describe('a shadowed handler that reaches out', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-egress-'))
  const module = join(dir, 'app.mjs')
  writeFileSync(module, text)
  let lab: ShadowLab
  before(async () => {
    const legacy = saying('{}', { 'content-type': 'application/json; charset=utf-8' })
    lab = await startShadowLab({ legacy, handlers: { module } })
  })
  after(async () => {
    await lab.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const outcomeOf = async (path: string): Promise<string> => {
    const before = lab.told.length
    await lab.ask({ path })
    const { tally } = (await lab.outcomes(before + 1))[before] ?? assert.fail()
    return `${tally.outcome} ${tally.reason}`
  }

  it('while it loads changes no outcome, and is named in status and once in the log', async () => {
    assert.equal(await outcomeOf('/same'), 'identical null')
    assert.equal(await outcomeOf('/poorer'), 'mismatch null')
    const status = await fetch(`${lab.adminUrl}/v1/routes`)
    const { routes } = (await status.json()) as { routes: { untold: unknown }[] }
    assert.deepEqual(routes[0]?.untold, {
      problem: null,
      leftOut: {},
      outside: ['a connection to 127.0.0.1:65001'],
    })
    const lines = lab.heard.filter(({ event }) => event === 'egress_refused')
    assert.equal(lines.length, 1)
    const asked = { ...common('none.yaml'), admin: lab.adminUrl, route: 'lab.any' }
    const { out } = await run((io) => diffs({ ...asked, top: '20', exchanges: false }, io))
    assert.match(out, /egress refused +a connection to 127\.0\.0\.1:65001, while its handlers/)
  }).timeout(30_000)

  it('within a request tells nothing, and diffs and show name what it asked for', async () => {
    assert.equal(await outcomeOf('/mails'), 'inconclusive egress')
    const { exemplar } = lab.told.at(-1) ?? assert.fail()
    const refused = {
      what: 'a connection to 127.0.0.1:65001',
      requests: ['POST http://127.0.0.1:65001/mail?to=…'],
    }
    assert.deepEqual(exemplar?.egress, [refused])
    const reply = await fetch(`${lab.adminUrl}/v1/routes/lab.any/diffs`)
    const { diffs } = (await reply.json()) as { diffs: RouteDiffs }
    assert.deepEqual(diffs.egress, [{ id: exemplar.id, ...refused }])
    const plain = createPaint(false)
    const written = /REFUSED +REQUEST +EXAMPLE\na connection to 127.0.0.1:65001 +POST http/
    assert.match(diffsView(diffs, 10, plain), written)
    const shown = { ...exemplar, rules: {} }
    const text = exemplarView(shown, { paint: plain, width: 80, whole: false })
    assert.match(text, /was refused a connection to 127.0.0.1:65001\n +POST http/)
  }).timeout(30_000)

  it('to what the config names is let through', async () => {
    const [mail, legacy] = [await startOrigin(saying('sent')), saying('sent')]
    const { host } = new URL(mail.url)
    const sends = join(dir, 'sends.mjs')
    writeFileSync(sends, text.replaceAll('127.0.0.1:65001', host).replaceAll("'{}'", '"sent"'))
    const open = await startShadowLab({
      ...{ legacy, handlers: { module: sends } },
      shadow: { egress: [host] },
    })
    await open.ask({ path: '/mails' })
    const [first] = await open.outcomes(1)
    await open.close()
    mail.close()
    assert.notEqual(first?.tally.outcome, 'inconclusive')
    const asked = new Set(mail.asked.map(({ method, url }) => `${method} ${url}`))
    assert.deepEqual([...asked].sort(), ['GET /started', 'POST /mail?to=ann'])
  }).timeout(30_000)
})
