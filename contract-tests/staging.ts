/** Scenarios through Banyan at chosen stages, each answer held to legacy's own. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stage } from '../proxy/stage.ts'
import { type DrawnStages, drawStages } from './drawn-stages.ts'
import { assertAlike } from './lab/alike.ts'
import { ask, type Facts } from './lab/ask.ts'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import type { Forms } from './lab/forms.ts'
import { itPasses, type Place } from './lab/matrix.ts'
import { startWorld, type World } from './lab/world.ts'
import { isRewritten, ownedByRuby } from './owners.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { scenarios } from './scenarios/scenarios.ts'

/** Who answers a rewritten route at each stage; at canary the weight splits the callers. */
const answeredBy: Readonly<Record<Stage, RegExp>> = {
  legacy: /^legacy$/,
  shadow: /^legacy$/,
  canary: /^(legacy|modern)$/,
  modern: /^modern$/,
  retired: /^modern$/,
}

export interface Staging {
  readonly world: Place['world']
  /** Rejects unless the proxy has these stages. In hooks and tests only, as all below. */
  flip(stages: DrawnStages): Promise<void>
  /** Rejects unless the answer is legacy's and the right target's; resolves with that target. */
  check(scenario: Scenario, stage: Stage, caller?: string): Promise<string>
}

/** Starts a world and Banyan before the tests of a suite. */
export const withStaging = (forms: Forms): Staging => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-stages-'))
  let world: World
  let banyan: Banyan
  let facts: Facts

  before(async function () {
    this.timeout(60_000)
    world = await startWorld({
      forms,
      dir,
      database: borrowDatabase,
      size: { users: 30, articles: 150 },
    })
    banyan = await startBanyan(world)
    facts = await world.facts()
  })
  after(async function () {
    this.timeout(20_000)
    await banyan?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const legacyOf = (scenario: Scenario): string =>
    (ownedByRuby(scenario) ? world.ruby : world.php).url

  return {
    world: forms.php,
    async flip(stages) {
      const outcome = await banyan.flip(stages)
      assert.notEqual(outcome.result, 'rejected', JSON.stringify(outcome))
    },
    async check(scenario, stage, caller = 'ana') {
      const asked = { 'x-banyan-explain': '1', 'x-user-id': caller }
      const answer = await ask(banyan.url, scenario, facts, asked)
      assert.equal(answer.status, scenario.status, answer.text.slice(0, 300))
      if (scenario.method !== 'HEAD') scenario.holds?.(answer)
      assertAlike(await ask(legacyOf(scenario), scenario, facts), answer, scenario)
      const target = answer.headers['x-banyan-target'] ?? ''
      assert.match(target, isRewritten(scenario) ? answeredBy[stage] : /^legacy$/)
      return target
    },
  }
}

/** Every scenario with each route at a stage that the seed draws; titles say seed and stage. */
export const describeDrawn = ({ world, flip, check }: Staging, seed: number): void => {
  describe(`with each route at a random stage, BANYAN_SEED=${seed}`, () => {
    const drawn = drawStages(seed)
    before(() => flip(drawn))
    for (const scenario of scenarios) {
      const { stage = 'legacy' } = drawn[scenario.route] ?? {}
      itPasses(
        { column: 'mixed', world },
        scenario,
        async () => {
          await check(scenario, stage)
        },
        `${scenario.route} at ${stage} ${scenario.title}`,
      )
    }
  })
}
