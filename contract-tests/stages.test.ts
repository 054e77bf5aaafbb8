import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Stage, stages } from '../proxy/stage.ts'
import { assertAlike } from './lab/alike.ts'
import { ask, type Facts } from './lab/ask.ts'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { startWorld, type World } from './lab/world.ts'
import { isRewritten, ownedByRuby, rewritten } from './owners.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { scenarios } from './scenarios/scenarios.ts'

const explain = { 'x-banyan-explain': '1' }

/** Who answers a rewritten route at each stage; at canary the weight below splits the callers. */
const answeredBy: Readonly<Record<Stage, RegExp>> = {
  legacy: /^legacy$/,
  shadow: /^legacy$/,
  canary: /^(legacy|modern)$/,
  modern: /^modern$/,
  retired: /^modern$/,
}

const describeStages = (forms: Forms): void => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-stages-'))
  let world: World
  let banyan: Banyan
  let facts: Facts

  before(async function () {
    this.timeout(60_000)
    world = await startWorld({ forms, dir, size: { users: 30, articles: 150 } })
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

  const checkThrough = async (
    scenario: Scenario,
    stage: Stage,
    caller: string,
  ): Promise<string> => {
    const asked = { ...explain, 'x-user-id': caller }
    const answer = await ask(banyan.url, scenario, facts, asked)
    assert.equal(answer.status, scenario.status, answer.text.slice(0, 300))
    if (scenario.method !== 'HEAD') scenario.holds?.(answer)
    assertAlike(await ask(legacyOf(scenario), scenario, facts), answer, scenario)
    const target = answer.headers['x-banyan-target'] ?? ''
    assert.match(target, isRewritten(scenario) ? answeredBy[stage] : /^legacy$/)
    return target
  }

  for (const stage of stages) {
    describe(`with every rewritten route at ${stage}`, () => {
      before(async () => {
        const flip = { stage, ...(stage === 'canary' ? { weightBp: 5_000 } : {}) }
        const outcome = await banyan.flip(Object.fromEntries(rewritten.map((id) => [id, flip])))
        assert.notEqual(outcome.result, 'rejected', JSON.stringify(outcome))
      })

      for (const scenario of scenarios) {
        it(`${scenario.route} ${scenario.title}`, async () => {
          await checkThrough(scenario, stage, 'ana')
        })
      }
    })
  }

  it('gives callers on both sides of the weight the same answers', async () => {
    const canary = { stage: 'canary' as const, weightBp: 5_000 }
    await banyan.flip({ 'articles.list': canary })
    const scenario = scenarios.find(({ route }) => route === 'articles.list')
    assert.ok(scenario)
    const targets = new Set<string>()
    for (let caller = 0; caller < 12; caller++) {
      targets.add(await checkThrough(scenario, 'canary', `caller-${caller}`))
    }
    assert.deepEqual([...targets].sort(), ['legacy', 'modern'])
  })
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describe('through Banyan, embedded', () => describeStages(embeddedForms))
describeWith({ php, ruby, mariadb }, 'through Banyan, native', () =>
  describeStages({ database: 'mariadb', php: 'native', ruby: 'native', missing: [] }),
)
