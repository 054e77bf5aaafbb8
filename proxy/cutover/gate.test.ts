import assert from 'node:assert/strict'
import type { Gate } from '../config/cutover-config.ts'
import { createEvidence, type Evidence } from './evidence.ts'
import { gate } from './gate.ts'
import { builtInGates, gatesOf } from './gates.ts'
import type { GateOptions, GateVerdict } from './verdict.ts'

const hour = 3_600_000
const now = 100 * hour

const about: Gate = {
  signal: 'shadow.mismatch',
  limitBp: 10,
  tolerance: null,
  confidenceBp: 9_900,
  minSamples: 1_000,
  minEvents: 5,
  minKeys: 3,
  minHours: 0,
  maxUnjudgedBp: 100,
}

const seen = (trials: number, part: Partial<Evidence> = {}): Evidence => ({
  ...createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: now - 10 * hour }),
  last: now,
  trials,
  outcomes: { identical: trials },
  shapes: { one: trials },
  ...part,
})

const judged = (
  evidence: Evidence,
  part: Partial<Gate> = {},
  options: Partial<GateOptions> = {},
): GateVerdict => gate(evidence, { ...about, ...part }, { now, ...options })

const said = ({ verdict, reason }: GateVerdict): string => `${verdict} ${reason}`

const noisy = (modernAlone: number, legacyAlone: number): Evidence['places'] => [
  {
    pattern: '/price',
    kind: 'value',
    severity: 'major',
    as: 'noise',
    rule: null,
    count: 50,
    modernAlone,
    legacyAlone,
  },
]

// biome-ignore format: a table reads best as a table
const cases: [string, Evidence, Partial<Gate>, Partial<GateOptions>, string][] = [
  ['nothing was seen yet',             seen(0, { since: now, last: now }), {}, {},                       'collecting samples'],
  ['nothing was seen for 31 minutes',  seen(9_000, { last: now - 31 * 60_000 }), {}, {},                 'no_data silent'],
  ['too few were seen',                seen(999), {}, {},                                                'collecting samples'],
  ['too few hours are covered',        seen(9_000), { minHours: 24 }, {},                                'collecting hours'],
  ['enough clean ones were seen',      seen(5_300), {}, {},                                              'pass null'],
  ['almost enough were seen',          seen(5_200), {}, {},                                              'inconclusive evidence'],
  ['a mismatch is confirmed',          seen(9_000, { confirmed: 1 }), {}, {},                            'fail confirmed'],
  ['one is confirmed in silence',      seen(9_000, { confirmed: 1, last: now - hour }), {}, {},          'fail confirmed'],
  ['one is confirmed at once',         seen(3, { confirmed: 1, bad: 1 }), {}, {},                        'fail confirmed'],
  ['far too many are bad',             seen(2_000, { bad: 100 }), {}, {},                                'fail limit'],
  ['few bad ones are far too many',    seen(1_000, { bad: 5 }), { minEvents: 6 }, {},                    'inconclusive evidence'],
  ['a noisy place regressed',          seen(9_000, { places: noisy(20, 0) }), {}, {},                    'fail regressed'],
  ['legacy moves',                     seen(9_000, { places: noisy(0, 20) }), {}, {},                    'pass null'],
  ['a quarter was shed',               seen(9_000, { outcomes: { identical: 9_000, 'shed:queue_full': 3_000 } }), {}, {}, 'inconclusive shed'],
  ['a tenth was shed',                 seen(9_000, { outcomes: { identical: 9_000, 'shed:queue_full': 1_000 } }), {}, {}, 'pass null'],
  ['its lanes were dead too often',    seen(9_000, { outcomes: { identical: 9_000, 'shed:lanes': 100 } }), {}, {}, 'inconclusive lanes'],
  ['its lanes died now and then',      seen(9_000, { outcomes: { identical: 9_000, 'shed:lanes': 50 } }), {}, {}, 'pass null'],
  ['every request kills its lane',     seen(10, { bad: 10, outcomes: { shadow_error: 10, 'shed:lanes': 9_000 } }), {}, {}, 'fail limit'],
  ['few have killed their lane yet',   seen(2, { bad: 2, outcomes: { shadow_error: 2, 'shed:lanes': 900 } }), {}, {}, 'collecting samples'],
  ['a fifth was inconclusive',         seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:charset': 2_250 } }), {}, {}, 'inconclusive inconclusive'],
  ['all differ that have a session',   seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:session': 300 } }), {}, {}, 'inconclusive sessions'],
  ['2 % differ of what has a session', seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:session': 60 }, judgedSessions: 2_940 }), {}, {}, 'inconclusive sessions'],
  ['so many may differ',               seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:session': 60 }, judgedSessions: 2_940 }), { maxUnjudgedBp: 200 }, {}, 'pass null'],
  ['1 % differ of what has a session', seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:session': 30 }, judgedSessions: 2_970 }), {}, {}, 'pass null'],
  ['hardly any have a session',        seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:session': 90 } }), {}, {}, 'pass null'],
  ['a canary asks legacy for no session', seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:session': 20_000 }, judgedSessions: 600, trialSessions: 600, unaskedSessions: 20_000 }), {}, {}, 'pass null'],
  ['no session was ever compared',     seen(9_000, { outcomes: { identical: 9_000, 'inconclusive:session': 500 }, unaskedSessions: 500 }), {}, {}, 'inconclusive sessions'],
  ['sessions hide what is inconclusive', seen(9_000, { outcomes: { identical: 5_000, 'inconclusive:charset': 1_000, 'inconclusive:session': 20_000 }, judgedSessions: 300, unaskedSessions: 20_000 }), {}, {}, 'inconclusive inconclusive'],
  ['many shapes were seen once',       seen(9_000, { shapes: { ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`s${i}`, 1])), one: 8_900 } }), {}, {}, 'inconclusive unseen'],
  ['few shapes were seen once',        seen(9_000, { shapes: { ...Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`s${i}`, 1])), one: 8_910 } }), {}, {}, 'pass null'],
  ['shapes are beyond counting',       seen(9_000, { shapes: { one: 8_900, '*': 100 } }), {}, {},        'inconclusive unseen'],
  ['requests are beyond telling apart', seen(4_000, { uncounted: 10 }), {}, {},                          'inconclusive full'],
  ['writes were only captured',        seen(9_000), {}, { effects: 'write', writes: 'capture' },         'inconclusive captured'],
  ['the trials say they were captured', seen(9_000, { captured: 9_000 }), {}, { effects: 'write' },      'inconclusive captured'],
  ['something else speaks for them',   seen(9_000), {}, { effects: 'write', writes: 'capture', isProvenElsewhere: true }, 'pass null'],
  ['a read was captured',              seen(9_000, { captured: 9_000 }), {}, { effects: 'read' },        'pass null'],
  ['writes ran in a cage',             seen(9_000), {}, { effects: 'write', writes: 'cage' },            'pass null'],
  ['the limit is nothing',             seen(9_000), { limitBp: 0 }, {},                                  'error broken'],
  ['the limit is missing',             seen(9_000), { limitBp: null }, {},                               'error broken'],
  ['nobody can be so sure',            seen(9_000), { confidenceBp: 10_000 }, {},                        'error broken'],
  ['more is bad than was seen',        seen(9, { bad: 10 }), {}, {},                                     'error broken'],
  ['counts are no numbers',            seen(Number.NaN), {}, {},                                         'error broken'],
  ['the demo asks for little',         seen(120), { limitBp: 500, minSamples: 50 }, {},                  'pass null'],
  ['regressions are too many',         seen(2_000, { regressions: 50 }), { signal: 'shadow.regression' }, {}, 'fail limit'],
  ['a mismatch is no regression',      seen(9_000, { confirmed: 3, bad: 3 }), { signal: 'shadow.regression' }, {}, 'pass null'],
  ['modern is slow',                   seen(2_000, { timed: 2_000, slow: 500 }), { signal: 'shadow.slow', limitBp: 500 }, {}, 'fail limit'],
]

describe('gate', () => {
  for (const [when, evidence, part, options, expected] of cases)
    it(`says ${expected} when ${when}`, () => {
      assert.equal(said(judged(evidence, part, options)), expected)
    })

  it('says in a sentence how much is missing, and how long that takes', () => {
    const found = judged(seen(4_056))
    assert.equal(found.needed, 1_191)
    assert.equal(
      found.sentence,
      '0 of 4 056 different requests were bad; needs 1 191 more different requests, about 3 h at the present rate',
    )
    assert.equal(Math.round((found.etaMs ?? 0) / hour), 3)
    const faster = judged(seen(4_056), {}, { rate: 1_191 / 60_000 })
    assert.match(faster.sentence, /about 1 min at the present rate/)
  })

  it('says when it will not pass as it goes', () => {
    const { sentence, needed, etaMs } = judged(seen(2_000, { bad: 2 }))
    assert.match(sentence, /2 of 2 000 .* will not pass at the current rate/)
    assert.deepEqual([needed, etaMs], [null, null])
  })

  it('waits for the hours, too, in what it promises', () => {
    const { etaMs, needed } = judged(seen(9_000), { minHours: 24 })
    assert.deepEqual([needed, etaMs], [0, 14 * hour])
  })

  it('promises nothing where waiting does not help', () => {
    const { etaMs, needed } = judged(seen(9_000, { confirmed: 1 }))
    assert.deepEqual([etaMs, needed], [null, null])
    const captured = judged(seen(9_000), {}, { effects: 'write', writes: 'capture' })
    assert.deepEqual([captured.etaMs, captured.needed], [null, null])
  })

  it('names the place that regressed and why samples were shed', () => {
    assert.match(judged(seen(9_000, { places: noisy(20, 1) })).sentence, /\/price .*20.* 1/)
    const outcomes = { identical: 10, 'shed:lane_busy': 9, 'shed:queue_full': 30 }
    assert.match(judged(seen(9_000, { outcomes })).sentence, /most of all queue_full/)
  })

  it('says how many requests with a session stand in the way, and what helps', () => {
    const outcomes = { identical: 9_000, 'inconclusive:session': 120 }
    const { sentence, etaMs, needed } = judged(seen(9_000, { outcomes, judgedSessions: 2_880 }))
    assert.equal(
      sentence,
      '120 of 3 000 requests with a session differed and could not be judged, at most 1 % may: say repeatable: true if legacy may be asked twice, or by a rule what may differ',
    )
    assert.deepEqual([etaMs, needed], [null, null])
  })

  it('bounds the share of bad ones from above', () => {
    const { upper } = judged(seen(9_000))
    assert.ok(upper > 0.0004 && upper < 0.001, `${upper}`)
    assert.equal(judged(seen(0, { last: now })).upper, 1)
  })
})

describe('the gates that stand without being configured', () => {
  it('are replaced by those of a config', () => {
    assert.deepEqual(Object.keys(gatesOf({})), ['parity', 'regressions', 'errors', 'latency'])
    assert.equal(gatesOf({ gates: { parity: about } }).parity?.minSamples, 1_000)
    assert.equal(builtInGates.parity?.limitBp, 10)
  })
})
