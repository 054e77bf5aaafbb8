import assert from 'node:assert/strict'
import { createNoiseLedger } from '../compare/noise-ledger.ts'
import { plainConfig } from '../edge/plain-config.ts'
import { createExemplarKeep } from './exemplar-keep.ts'
import { createFindings } from './findings.ts'
import { createRedact } from './redact.ts'

const secret = 'alice@shop.example'

describe('suggested rules', () => {
  it('name no place whose name looks like a secret, and no value at all', () => {
    const ledger = createNoiseLedger()
    const place = { kind: 'value', shape: null, spreadMs: 0, values: [`"${secret}"`] } as const
    for (let at = 0; at < 25; at++)
      ledger.learn([
        { ...place, pattern: `/${secret}` },
        { ...place, pattern: '/at' },
      ])
    const { suggestions, yaml } = createFindings({
      config: () => plainConfig({ upstreams: {} }),
      fleet: { read: () => null, routes: () => [], refresh: async () => {} },
      ...{ keep: createExemplarKeep(), store: null, wallNow: () => 0 },
      ledgers: { find: () => ledger },
      redactNoise: createRedact({ key: new Uint8Array(32) }).noise,
    }).suggestions('lab.any')
    assert.equal(JSON.stringify([suggestions, yaml]).includes('alice'), false)
    const rules = suggestions.map(({ rule, why }) => [rule === null, why.split(' ')[0]])
    assert.deepEqual(rules.toSorted(), [
      [false, 'legacy'],
      [true, 'its'],
    ])
  })
})
