import assert from 'node:assert/strict'
import { createEvidence, type Evidence } from './evidence.ts'
import { gate } from './gate.ts'
import { builtInGates } from './gates.ts'
import { mergeEvidence } from './merge-evidence.ts'

const hour = 3_600_000
const day = 24 * hour

const seen = (trials: number, part: Partial<Evidence> = {}, now = 30 * day): Evidence => ({
  ...createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: now - 30 * day }),
  ...{ last: now, trials, shapes: { one: trials }, outcomes: { identical: trials } },
  ...part,
})

const parity = (evidence: Evidence) =>
  gate(evidence, { ...builtInGates.parity!, minSamples: 100 }, { now: evidence.last })

describe('what users of comparers ask of a verdict', () => {
  it('Diffy hides what differs in fewer than 3 of 10 000 requests; one that is confirmed is enough', () => {
    assert.equal(parity(seen(9_000)).verdict, 'pass')
    const { verdict, reason } = parity(seen(9_000, { bad: 1, confirmed: 1 }))
    assert.deepEqual([verdict, reason], ['fail', 'confirmed'])
  })

  it('opendiffy shows nothing that came after November 2023; ours has no such day', () => {
    for (const at of ['2023-11-27', '2031-01-01', '2099-12-31']) {
      assert.equal(parity(seen(9_000, {}, Date.parse(at))).verdict, 'pass', at)
    }
  })

  it('Diffy counts in one process; ours comes to the same verdict over many', () => {
    const parts = ['i', 'j', 'k'].map((instance) => ({ ...seen(3_000), instance }))
    const merged = mergeEvidence(parts)
    for (const part of parts) assert.notEqual(parity(part).verdict, 'pass')
    assert.deepEqual([merged.trials, parity(merged).verdict], [9_000, 'pass'])
  })

  it('Keploy passes or fails on what there is; ours says what is missing', () => {
    const { verdict, sentence } = parity(seen(40))
    assert.equal(verdict, 'collecting')
    assert.match(sentence, /\d/)
  })
})
