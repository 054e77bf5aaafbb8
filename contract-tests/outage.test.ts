import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedForms } from './lab/forms.ts'
import { startWorld, type World } from './lab/world.ts'
import { type Outages, startOutages } from './outages.ts'

describe('kill -9 of PHP under traffic', function () {
  this.timeout(120_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-outage-'))
  let world: World
  let outages: Outages

  before(async () => {
    world = await startWorld({ forms: embeddedForms, dir, size: { users: 10, articles: 20 } })
    outages = await startOutages(world)
  })
  after(async () => {
    await outages?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('gives every client a whole answer or a problem in time, diverts, and recovers', async () => {
    const asking = outages.ask()
    await Promise.all([asking.next('well'), asking.back()])
    for (let kill = 0; kill < 2; kill++) {
      const seen = asking.next('problems')
      await world.php.kill()
      await seen
      await world.php.restart()
      await asking.next('well')
    }
    await asking.back()
    assert.ok((await asking.stop()) > 20)
    assert.ok(asking.counts.problems > 0)
    assert.equal(asking.counts.cut, 0)
  })
})
