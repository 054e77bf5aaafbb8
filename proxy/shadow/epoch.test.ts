import assert from 'node:assert/strict'
import { plainUpstream } from '../edge/plain-config.ts'
import { createEpoch, type EpochParts } from './epoch.ts'

const legacy = plainUpstream(['http://127.0.0.1:1'])
const parts: EpochParts = { build: 'b1', rules: [{ ignore: '/a' }], legacy, modern: null }

// biome-ignore format: a table reads best as a table
const changes: Readonly<Record<string, Partial<EpochParts>>> = {
  'another build':    { build: 'b2' },
  'another rule':     { rules: [{ ignore: '/b' }] },
  'another order':    { rules: [{ ignore: '/b' }, { ignore: '/a' }] },
  'another legacy':   { legacy: plainUpstream(['http://127.0.0.1:2']) },
  'another modern':   { modern: legacy },
}

describe('createEpoch', () => {
  it('has the same name for the same parts, in whatever order their keys stand', () => {
    const { build, rules, modern } = parts
    assert.equal(createEpoch(parts), createEpoch({ modern, rules, legacy: { ...legacy }, build }))
    assert.match(createEpoch(parts), /^[\da-f]{12}$/)
  })

  for (const [title, change] of Object.entries(changes)) {
    it(`begins anew with ${title}`, () => {
      assert.notEqual(createEpoch({ ...parts, ...change }), createEpoch(parts))
    })
  }
})
