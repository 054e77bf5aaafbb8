import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  askSteadily,
  atStage,
  flipByCommand,
  journey,
  replaceByRename,
  rewriteInPlace,
} from './flipping.ts'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { embeddedForms } from './lab/forms.ts'
import type { SteadyLoad } from './lab/steady-load.ts'
import { startWorld, type World } from './lab/world.ts'

/** Clients that take all of a machine leave the command nothing to run on: a flip took five seconds. */
const restMs = 100

describe('flips under traffic', function () {
  this.timeout(120_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-flips-'))
  let world: World
  let banyan: Banyan
  let load: SteadyLoad | null = null
  const seen = new Set<string>()

  before(async () => {
    world = await startWorld({ forms: embeddedForms, dir, size: { users: 20, articles: 60 } })
    banyan = await startBanyan(world)
  })
  after(async () => {
    await banyan?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  beforeEach(() => {
    seen.clear()
    load = askSteadily(banyan, seen, restMs)
  })
  afterEach(async () => {
    await load?.stop()
  })

  const during = async (): Promise<SteadyLoad> => {
    assert.ok(load)
    await load.reached(load.done() + 20)
    return load
  }

  it('drops no request while a route goes to modern and back by command', async () => {
    const running = await during()
    for (const flip of journey) {
      await flipByCommand(banyan, flip)
      await running.reached(running.done() + 50)
    }
    const { failures, requests } = await running.stop()
    assert.deepEqual(failures, [])
    assert.ok(requests >= 200)
    assert.ok(seen.size >= 4, 'clients met every revision')
  })

  it('drops no request while the file is edited fifty times', async () => {
    const running = await during()
    for (let i = 0; i < 50; i++) {
      const flip = journey[i % journey.length]
      assert.ok(flip)
      const write = i % 2 === 0 ? rewriteInPlace : replaceByRename
      write(banyan, flip)
      if (i % 10 === 9) await atStage(banyan, flip)
    }
    await running.reached(running.done() + 100)
    assert.deepEqual((await running.stop()).failures, [])
  })

  it('goes on with the config in force while the file is broken', async () => {
    const running = await during()
    const good = readFileSync(banyan.configFile, 'utf8')
    for (const broken of ['', 'routes: [', good.replace('legacy: php', 'legacy: phq')]) {
      writeFileSync(banyan.configFile, broken)
      const outcome = await banyan.flip({})
      assert.equal(outcome.result, 'rejected')
      assert.notEqual(outcome.diagnostics.length, 0)
    }
    await running.reached(running.done() + 100)
    assert.equal(seen.size, 1, 'one revision all the while')
    writeFileSync(banyan.configFile, good)
    assert.equal((await banyan.flip({})).result, 'unchanged')
    assert.deepEqual((await running.stop()).failures, [])
  })
})
