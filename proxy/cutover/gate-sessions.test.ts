import assert from 'node:assert/strict'
import { createEvidence, type Evidence } from './evidence.ts'
import { gate } from './gate.ts'
import { builtInGates } from './gates.ts'
import type { GateVerdict } from './verdict.ts'

const now = 400_000_000

/** Differed unjudged, never asked; of those judged, trials and bad ones. */
type Sessions = readonly [
  judged: number,
  unjudged: number,
  unasked: number,
  trials?: number,
  bad?: number,
]

const seen = ([judged, unjudged, unasked, trials = judged, bad = 0]: Sessions): Evidence => ({
  ...createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: now - 36_000_000 }),
  last: now,
  ...{ trials: 90_000, bad },
  outcomes: { identical: 9_000, 'inconclusive:session': unjudged + unasked },
  shapes: { one: 9_000 },
  judgedSessions: judged,
  ...{ trialSessions: trials, badSessions: bad },
  unaskedSessions: unasked,
})

const verdictOf = (sessions: Sessions, maxUnjudgedBp = 100): GateVerdict => {
  const { parity } = builtInGates
  assert.ok(parity)
  return gate(seen(sessions), { ...parity, maxUnjudgedBp }, { now })
}

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, Sessions, number, string | null])[] = [
  ['one is judged of many that legacy was not asked', [1, 0, 20_000],      100, 'sessions'],
  ['many are judged, too few to speak for the rest',  [500, 0, 20_000],    100, 'sessions'],
  ['enough are judged to speak for the rest',         [530, 0, 20_000],    100, null],
  ['one page is polled often enough',                 [600, 0, 20_000, 3], 100, 'sessions'],
  ['so many speak, and 5 % of them are bad',          [600, 0, 20_000, 600, 30], 100, 'sessions'],
  ['so many speak, and one of them is bad',           [530, 0, 20_000, 530, 1], 100, 'sessions'],
  ['more speak, and one of them is bad',              [1_000, 0, 20_000, 1_000, 1], 100, null],
  ['all are asked, and they repeat',                  [600, 0, 0, 3],      100, null],
  ['so many speak, and one of them differs',          [530, 1, 20_000],    100, 'sessions'],
  ['more speak, and one of them differs',             [1_000, 1, 20_000],  100, null],
  ['fewer have to speak for a looser bound',          [110, 0, 20_000],    500, null],
  ['as many differ as may',                           [990, 10, 20_000],   100, 'sessions'],
  ['all are asked, and as many differ as may',        [990, 10, 0],        100, null],
  ['the unasked are too few to matter',               [990, 0, 10],        100, null],
  ['none may differ, and all were asked',             [300, 0, 0],         0,   null],
  ['none may differ, and one was not asked',          [9_000, 0, 1],       0,   'sessions'],
  ['all may differ',                                  [1, 1, 20_000],      10_000, null],
]

describe('a gate over requests with a session', () => {
  for (const [when, sessions, bp, reason] of cases)
    it(`${reason === null ? 'passes' : 'holds the route'} when ${when}`, () => {
      const found = verdictOf(sessions, bp)
      assert.deepEqual([found.reason, found.verdict === 'pass'], [reason, reason === null])
    })

  it('says how many were compared, how many more may do, and what helps', () => {
    assert.equal(
      verdictOf([24, 0, 20_000]).sentence,
      'only 24 different requests with a session, of 20 024, were compared, for a shadow never asks legacy for one, too few to prove that at most 1 % of all differ; about 499 more may do: say repeatable: true if legacy may be asked twice, or compare them while legacy answers',
    )
    assert.match(verdictOf([600, 0, 20_000, 3]).sentence, /^only 3 different .*, of 20 600, were /)
  })

  it('says how many are bad where no number of the same would do', () => {
    assert.equal(
      verdictOf([600, 5, 20_000, 600, 30]).sentence,
      '35 of 605 different requests with a session differed or failed, at most 1 % may, and 20 000 more were not compared, for a shadow never asks legacy for one: say repeatable: true if legacy may be asked twice',
    )
  })
})
