/** What demo and tests find out about the embedded legacy holds for the native one, too. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { journeys } from './journeys/journeys.ts'
import { assertAlike } from './lab/alike.ts'
import { ask, type Facts } from './lab/ask.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { type Front, startFront } from './lab/front.ts'
import { runJourney } from './lab/journey.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { startWorld, type World } from './lab/world.ts'
import { scenarios } from './scenarios/scenarios.ts'

const nativeForms: Forms = { database: 'mariadb', php: 'native', ruby: 'native', missing: [] }

const describeForms = (): void => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-forms-'))
  const worlds: World[] = []
  const fronts: Front[] = []
  const legacies: { readonly url: string; readonly facts: Facts }[] = []

  before(async function () {
    this.timeout(90_000)
    for (const [name, forms] of Object.entries({ embedded: embeddedForms, native: nativeForms })) {
      const size = { users: 30, articles: 150 }
      const world = await startWorld({
        forms,
        dir: join(dir, name),
        database: borrowDatabase,
        size,
      })
      worlds.push(world)
      const front = await startFront(world)
      fronts.push(front)
      legacies.push({ url: front.url, facts: await world.facts() })
    }
  })
  after(async function () {
    this.timeout(30_000)
    for (const part of [...fronts, ...worlds]) await part.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** The same thing done to the embedded form, and to the native one. */
  const both = async <Result>(
    act: (legacy: { readonly url: string; readonly facts: Facts }) => Promise<Result>,
  ): Promise<readonly [embedded: Result, native: Result]> => {
    const [embedded, native] = await Promise.all(legacies.map(act))
    if (embedded === undefined || native === undefined) throw new TypeError('both forms are there')
    return [embedded, native]
  }

  for (const scenario of scenarios) {
    it(`${scenario.route} ${scenario.title}, in both forms alike`, async () => {
      const [embedded, native] = await both(({ url, facts }) => ask(url, scenario, facts))
      assert.equal(embedded.status, scenario.status, embedded.text.slice(0, 300))
      assertAlike(embedded, native, scenario)
    })
  }
  for (const [index, journey] of journeys.entries()) {
    it(`leaves the same footprints after ${journey.title}`, async function () {
      this.timeout(30_000)
      const [embedded, native] = await both(({ url }) =>
        runJourney(journey, { origin: url, run: `f${index}` }),
      )
      assert.deepEqual(native, embedded)
    })
  }
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describeWith({ php, ruby, mariadb }, 'the embedded and the native legacy', describeForms)
