import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { probePhp } from './lab/native.ts'
import type { Cost } from './lab/probe.ts'
import { startWorld, type World } from './lab/world.ts'
import { type Outages, startOutages } from './outages.ts'

const kills = 10
/** As many answers can be on their way when PHP is killed. */
const phpWorkers = 5
const forms: Forms = { database: 'sqlite', php: 'native', ruby: 'embedded', missing: [] }

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0)

const shown = ({ descriptors, resources, heapUsed }: Cost): string =>
  `${descriptors} descriptors, ${sum(resources)} resources, ${(heapUsed / 1024 ** 2).toFixed(2)} MiB`

describeWith({ php: await probePhp() }, 'ten times kill -9 of PHP under traffic', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-outages-'))
  let world: World
  let outages: Outages

  before(async () => {
    world = await startWorld({ forms, dir, size: { users: 20, articles: 60 } })
    outages = await startOutages(world)
  })
  after(async () => {
    await outages?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Kills PHP and brings it back, so many times, under traffic from first to last. */
  const outage = async (times: number): Promise<number> => {
    const asking = outages.ask()
    await asking.next('well')
    for (let kill = 0; kill < times; kill++) {
      const seen = asking.next('problems')
      await world.php.kill()
      await seen
      await world.php.restart()
      await asking.more(300)
    }
    const requests = await asking.stop()
    const { problems, cut } = asking.counts
    process.stdout.write(
      `      ${requests} requests, ${problems} problems, ${cut} cut by the kill\n`,
    )
    assert.ok(cut <= times * phpWorkers, `${cut} answers end early`)
    return requests
  }

  /** Kept connections end after a second; what does not end is what this test is about. */
  const settled = async (): Promise<Cost> => {
    await wait(3_000)
    return outages.banyan.cost()
  }

  it('costs nothing that stays', async () => {
    // What is made once for good, such as series of metrics and compiled code, is made here.
    await outage(5)
    const before = await settled()
    const requests = await outage(kills)
    const after = await settled()
    const told = `before: ${shown(before)}; after ${kills} kills, ${requests} requests: ${shown(after)}`
    process.stdout.write(`      ${told}\n`)
    const more = Math.abs(sum(after.resources) - sum(before.resources))
    assert.ok(more <= 5, `${told}: ${JSON.stringify(after.resources)}`)
    assert.ok(Math.abs(after.descriptors - before.descriptors) <= 5, told)
    assert.ok(Math.abs(after.heapUsed / before.heapUsed - 1) <= 0.05, told)
  })
})
