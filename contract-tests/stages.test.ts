import assert from 'node:assert/strict'
import { stages } from '../proxy/stage.ts'
import { seedsToDraw } from './drawn-stages.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { itPasses } from './lab/matrix.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { rewritten } from './owners.ts'
import { scenarios } from './scenarios/scenarios.ts'
import { describeDrawn, withStaging } from './staging.ts'

const describeStages = (forms: Forms): void => {
  const staging = withStaging(forms)
  const { world, flip, check } = staging

  for (const stage of stages) {
    describe(`with every rewritten route at ${stage}`, () => {
      before(() => {
        const change = { stage, ...(stage === 'canary' ? { weightBp: 5_000 } : {}) }
        return flip(Object.fromEntries(rewritten.map((id) => [id, change])))
      })

      for (const scenario of scenarios) {
        itPasses({ column: `at ${stage}`, world }, scenario, async () => {
          await check(scenario, stage)
        })
      }
    })
  }

  for (const seed of seedsToDraw(1)) describeDrawn(staging, seed)

  it('gives callers on both sides of the weight the same answers', async () => {
    await flip({ 'articles.list': { stage: 'canary', weightBp: 5_000 } })
    const scenario = scenarios.find(({ route }) => route === 'articles.list')
    assert.ok(scenario)
    const targets = new Set<string>()
    for (let caller = 0; caller < 12; caller++) {
      targets.add(await check(scenario, 'canary', `caller-${caller}`))
    }
    assert.deepEqual([...targets].sort(), ['legacy', 'modern'])
    // Lanes start only now, and each loads the whole application.
  }).timeout(30_000)
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describe('through Banyan, embedded', () => describeStages(embeddedForms))
describeWith({ php, ruby, mariadb }, 'through Banyan, native', () =>
  describeStages({ database: 'mariadb', php: 'native', ruby: 'native', missing: [] }),
)
