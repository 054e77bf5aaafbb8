import assert from 'node:assert/strict'
import type { Gate } from '../config/cutover-config.ts'
import { createEvidence, type Evidence } from './evidence.ts'
import { gate } from './gate.ts'
import { builtInGates } from './gates.ts'
import type { GateOptions, GateVerdict } from './verdict.ts'

const hour = 3_600_000
const now = 100 * hour

/** A thousand in ten hours, none of them bad. */
const collected = (part: Partial<Evidence> = {}): Evidence => ({
  ...createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: now - 10 * hour }),
  last: now,
  trials: 1_000,
  outcomes: { identical: 1_000 },
  shapes: { one: 1_000 },
  ...part,
})

const judged = (
  evidence: Evidence,
  part: Partial<Gate> = {},
  options: Partial<GateOptions> = {},
): GateVerdict => {
  const { parity } = builtInGates
  assert.ok(parity)
  return gate(evidence, { ...parity, ...part }, { now, ...options })
}

const hoursOf = ({ etaMs }: GateVerdict): number | null => etaMs && Math.round(etaMs / hour)

const once = (count: number): Evidence['shapes'] => ({
  ...Object.fromEntries(Array.from({ length: count }, (_, n) => [`once-${n}`, 1])),
  often: 1_000 - count,
})

// biome-ignore format: a table reads best as a table
const inTheWay: readonly (readonly [string, Evidence, Partial<GateOptions>, RegExp])[] = [
  ['sessions that differ', collected({ outcomes: { identical: 1_000, 'inconclusive:session': 60 }, judgedSessions: 40 }), {}, /60 of 100 requests with a session differed/],
  ['sessions that nobody asks for', collected({ outcomes: { identical: 1_000, 'inconclusive:session': 600 }, judgedSessions: 1, trialSessions: 1, unaskedSessions: 600 }), {}, /only 1 different request with a session, of 601, was compared/],
  ['writes that are only captured', collected(), { effects: 'write', writes: 'capture' }, /only captured/],
  ['lanes that die', collected({ outcomes: { identical: 1_000, 'shed:lanes': 100 } }), {}, /there was no lane/],
  ['samples that are shed', collected({ outcomes: { identical: 1_000, 'shed:memory': 900 } }), {}, /were shed, most of all memory/],
  ['what cannot be compared', collected({ outcomes: { identical: 1_000, 'inconclusive:charset': 900 } }), {}, /could not be compared, most of all charset/],
  ['requests beyond telling apart', collected({ uncounted: 10 }), {}, /than can be told apart/],
]

describe('when a gate passes', () => {
  it('is foretold by the latest of all that is a matter of time', () => {
    assert.equal(hoursOf(judged(collected())), 42)
    assert.equal(hoursOf(judged(collected(), { minSamples: 9_000 })), 80)
    assert.equal(hoursOf(judged(collected(), { minHours: 100 })), 90)
    assert.equal(hoursOf(judged(collected({ shapes: once(100) }))), 90)
  })

  for (const [what, evidence, options, why] of inTheWay)
    it(`is not foretold while it collects, and the sentence says so: ${what}`, () => {
      const { reason, etaMs, sentence } = judged(evidence, {}, options)
      assert.deepEqual([reason, etaMs], ['samples', null])
      assert.match(
        sentence,
        /needs \d[\d ]* more different requests; when it passes cannot be foretold: /,
      )
      assert.match(sentence, why)
    })

  it('is not foretold while hours are missing and something else will be in the way', () => {
    const outcomes = { identical: 1_000, 'shed:memory': 900 }
    const clean = { minSamples: 500, limitBp: 100 }
    const { reason, etaMs, sentence } = judged(collected({ outcomes }), { ...clean, minHours: 24 })
    assert.deepEqual([reason, etaMs], ['hours', null])
    assert.match(
      sentence,
      /about 14 h to go; when it passes cannot be foretold: 47 % of the samples/,
    )
    const found = judged(collected(), { ...clean, minHours: 24 })
    assert.match(found.sentence, /: about 14 h to go$/)
    assert.equal(hoursOf(found), 14)
  })

  it('is foretold at the rate of the last hour, not of the whole epoch', () => {
    const step = Math.floor(now / 300_000)
    const often = {
      recent: { [step - 40]: 9, [step - 3]: 450, [step]: 10 },
      since: now - 10 * hour,
    }
    const { etaMs, sentence } = judged(collected(often))
    assert.equal(Math.round((etaMs ?? 0) / 60_000), 508)
    assert.match(sentence, /, about 8 h at the present rate$/)
  })

  it('is not foretold where nothing new comes any more, and the sentence says so', () => {
    const step = Math.floor(now / 300_000)
    const { verdict, etaMs, sentence } = judged(collected({ recent: { [step - 13]: 1_000 } }))
    assert.deepEqual([verdict, etaMs], ['collecting', null])
    assert.match(
      sentence,
      /; needs 4 247 more different requests, but none came in about 55 min: without new traffic it will not pass$/,
    )
    const young = { trials: 0, shapes: {}, outcomes: {}, recent: {}, since: now - 60_000 }
    assert.match(judged(collected(young)).sentence, /how long that takes cannot be foretold yet/)
  })

  it('is not foretold by trials that say nothing to its signal', () => {
    const step = Math.floor(now / 300_000)
    const untimed = collected({ timed: 0, recent: { [step]: 1_000 } })
    const found = judged(untimed, { signal: 'shadow.slow' })
    assert.equal(found.etaMs, null)
    const half = collected({ timed: untimed.trials / 2, recent: { [step]: 1_000 } })
    const both = (['shadow.slow', 'shadow.mismatch'] as const).map(
      (signal) => judged(half, { signal, minSamples: 100_000 }).etaMs ?? 0,
    )
    assert.ok((both[0] ?? 0) > 2 * (both[1] ?? 0), String(both))
  })

  it('is not foretold before anything has come', () => {
    const start = { trials: 0, outcomes: {}, shapes: {}, since: now }
    const { etaMs, sentence } = judged(collected(start))
    assert.equal(etaMs, null)
    assert.match(sentence, /; how long that takes cannot be foretold yet$/)
  })

  it('is never where what no shape is told of is too much', () => {
    const shapes = { '*': 50, often: 950 }
    for (const part of [{}, { minSamples: 500, limitBp: 100 }, { minSamples: 500, minHours: 24 }]) {
      const { verdict, etaMs, needed, sentence } = judged(collected({ shapes }), part)
      assert.notEqual(verdict, 'pass')
      assert.deepEqual([etaMs, needed], [null, null])
      assert.match(
        sentence,
        /5 % of the traffic looks like none of the 999 shapes that are told apart; at most 1 % may: give /,
      )
    }
    const few = judged(collected({ shapes: { '*': 10, often: 990 } }))
    assert.equal(hoursOf(few), 42)
  })

  it('says so where it is foretold of shapes, whatever else is missing', () => {
    const much = { minSamples: 1_500, limitBp: 100 }
    const { reason, sentence } = judged(collected({ shapes: once(100) }), much)
    assert.equal(reason, 'samples')
    assert.match(
      sentence,
      /; needs 9 000 more .*, about 4 days at the present rate, if none looks new$/,
    )
    const { sentence: other } = judged(collected({ shapes: once(12) }), much)
    assert.match(other, /; needs 500 more different requests, about 5 h at the present rate$/)
  })

  it('is foretold of shapes that were seen once, if no others come', () => {
    const { reason, sentence, etaMs, needed } = judged(collected({ shapes: once(20) }), {
      minSamples: 500,
      limitBp: 100,
    })
    assert.deepEqual([reason, needed, etaMs], ['unseen', 1_000, 10 * hour])
    assert.match(
      sentence,
      /: needs 1 000 more different requests, about 10 h at the present rate, if none looks new$/,
    )
  })
})
