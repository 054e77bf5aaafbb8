import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { blocksOf, typedIn } from './guide-page.ts'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { embeddedForms } from './lab/forms.ts'
import { startWorld, type World } from './lab/world.ts'

const page = 'docs/guides/migrate-a-route.md'
const blocks = blocksOf(page).filter(({ language }) => language === 'console')

describe(page, function () {
  this.timeout(120_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-guide-'))
  let world: World
  let banyan: Banyan

  before(async () => {
    world = await startWorld({ forms: embeddedForms, dir, size: { users: 5, articles: 10 } })
    banyan = await startBanyan(world)
  })
  after(async () => {
    await banyan?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  for (const { words, printed } of blocks.flatMap(typedIn)) {
    it(words.join(' '), async () => {
      const [program, ...more] = words
      assert.equal(program, 'banyan')
      const { stdout, stderr } = await banyan.command(...more)
      assert.match(`${stdout}${stderr}`, printed)
    })
  }
})
