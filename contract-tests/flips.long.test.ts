import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
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
import { embeddedForms, type Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { startWorld } from './lab/world.ts'
import { startPlainSite } from './plain-site.ts'

const writes = 100
const nativeForms: Forms = { database: 'mariadb', php: 'native', ruby: 'native', missing: [] }

interface Site {
  readonly banyan: Banyan
  close(): Promise<void>
}

const startSite = async (forms: Forms, dir: string): Promise<Site> => {
  const world = await startWorld({ forms, dir, size: { users: 20, articles: 60 } })
  const banyan = await startBanyan(world)
  return {
    banyan,
    async close() {
      await banyan.close()
      await world.close()
    },
  }
}

/** @param least requests in all, of which none may fail */
const describeFlips = (least: number, start: (dir: string) => Promise<Site>): void => {
  const part = (share: number): number => Math.ceil(least * share)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-flips-'))
  let site: Site
  before(async () => {
    site = await start(dir)
  })
  after(async () => {
    await site?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it(`drops none of ${least} requests while the route goes to modern and back`, async () => {
    const { banyan } = site
    const seen = new Set<string>()
    const load = askSteadily(banyan, seen)
    for (const flip of journey) {
      await flipByCommand(banyan, flip)
      await load.reached(load.done() + part(0.025))
    }
    for (const write of [rewriteInPlace, replaceByRename]) {
      for (const flip of journey) {
        write(banyan, flip)
        await atStage(banyan, flip)
        await load.reached(load.done() + part(0.025))
      }
      for (let i = 0; i < writes; i++) {
        write(banyan, journey[i % journey.length] ?? { stage: 'legacy' })
        await load.reached(load.done() + part(0.001))
      }
      await atStage(banyan, { stage: 'legacy' })
    }
    await load.reached(least)
    const { requests, failed, failures } = await load.stop()
    process.stdout.write(`      ${requests} requests, ${failed} failed, ${seen.size} revisions\n`)
    assert.deepEqual(failures, [])
    assert.ok(seen.size >= journey.length, 'clients met every revision')
  })
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describe('flips under heavy traffic, a plain origin', () => describeFlips(20_000, startPlainSite))
describe('flips under heavy traffic, embedded', () =>
  describeFlips(2_000, (dir) => startSite(embeddedForms, dir)))
describeWith({ php, ruby, mariadb }, 'flips under heavy traffic, native', () =>
  describeFlips(20_000, (dir) => startSite(nativeForms, dir)),
)
