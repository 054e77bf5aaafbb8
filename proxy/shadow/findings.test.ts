import assert from 'node:assert/strict'
import { createNoiseLedger } from '../compare/noise-ledger.ts'
import type { Evidence } from '../cutover/evidence.ts'
import { mergeEvidence } from '../cutover/merge-evidence.ts'
import { plainConfig } from '../edge/plain-config.ts'
import { plainEvidence, plainExemplar } from '../store/plain-records.ts'
import { createExemplarKeep } from './exemplar-keep.ts'
import { createFindings, type SuggestedRules } from './findings.ts'
import { createRedact } from './redact.ts'
import { createShownNoise } from './shown-noise.ts'

const secret = 'alice@shop.example'
const redactNoise = createRedact({ key: new Uint8Array(32) }).noise

/** As a process tells the store. */
const learned = (instance: string, repeats: number): Evidence => {
  const ledger = createNoiseLedger()
  const place = { kind: 'value', shape: null, spreadMs: 0, values: [`"${secret}"`] } as const
  for (let at = 0; at < repeats; at++)
    ledger.learn([
      { ...place, pattern: `/${secret}` },
      { ...place, pattern: '/at' },
    ])
  const find = (_: string, epoch: string) => (epoch === 'e1' ? ledger : null)
  const noiseOf = createShownNoise({
    ...{ ledgers: { find }, writeLedgers: { find: () => null }, redactNoise },
  })
  assert.deepEqual(noiseOf('articles.list', 'another'), {})
  const { route, epoch } = plainEvidence()
  return { ...plainEvidence({ instance }), ...noiseOf(route, epoch) }
}

const suggestionsOf = (evidence: Evidence): Promise<SuggestedRules> =>
  createFindings({
    config: () => plainConfig({ upstreams: {} }),
    fleet: { read: () => evidence, routes: () => [], refresh: async () => {} },
    ...{ keep: createExemplarKeep(), store: null, wallNow: () => 0 },
  }).suggestions(evidence.route)

describe('suggested rules', () => {
  it('name no place whose name looks like a secret, and no value at all', async () => {
    const evidence = learned('one', 25)
    const { suggestions, yaml } = await suggestionsOf(evidence)
    assert.equal(JSON.stringify([evidence, suggestions, yaml]).includes('alice'), false)
    const rules = suggestions.map(({ rule, why }) => [rule === null, why.split(' ')[0]])
    assert.deepEqual(rules.toSorted(), [
      [false, 'legacy'],
      [true, 'its'],
    ])
  })

  it('rest on what every instance has seen, told as JSON', async () => {
    const told = [learned('one', 2), learned('two', 2)]
    for (const alone of told) {
      const { suggestions } = await suggestionsOf(alone)
      assert.ok(suggestions.every(({ rule }) => rule === null))
    }
    const stored = JSON.parse(JSON.stringify(told)) as Evidence[]
    const { repeats, suggestions } = await suggestionsOf(mergeEvidence(stored))
    assert.equal(repeats, 4)
    const [rule] = suggestions.flatMap((each) => each.rule ?? [])
    assert.match(JSON.stringify(rule), /"ignore":"\/at".*in 4 of 4 repeats/)
  })
})

describe('an exemplar', () => {
  it('is what this process holds, and else not known while the store is away', async () => {
    const keep = createExemplarKeep()
    keep.put(plainExemplar({ id: 'held' }))
    const away = (): Promise<never> => Promise.reject(new Error('the store is away'))
    const { exemplar, exemplars } = createFindings({
      config: () => plainConfig({ upstreams: {} }),
      fleet: { read: () => null, routes: () => [], refresh: async () => {} },
      ...{ keep, store: { findExemplars: away, getExemplar: away }, wallNow: () => 0 },
    })
    assert.equal((await exemplar('held'))?.id, 'held')
    await assert.rejects(exemplar('other'), /the store is away/)
    assert.equal((await exemplars({})).length, 1)
  })
})
