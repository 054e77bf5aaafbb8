import assert from 'node:assert/strict'
import { createEvidence, type Evidence } from './evidence.ts'
import { gate } from './gate.ts'
import { builtInGates } from './gates.ts'
import type { GateVerdict } from './verdict.ts'

const now = 400_000_000

/** Judged, differed unjudged, never asked. */
type Sessions = readonly [judged: number, unjudged: number, unasked: number]

const seen = ([judged, unjudged, unasked]: Sessions): Evidence => ({
  ...createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: now - 36_000_000 }),
  last: now,
  trials: 9_000,
  outcomes: { identical: 9_000, 'inconclusive:session': unjudged + unasked },
  shapes: { one: 9_000 },
  judgedSessions: judged,
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
      'only 24 of 20 024 requests with a session were compared, for a shadow never asks legacy for one, too few to prove that at most 1 % of all differ; about 499 more may do: say repeatable: true if legacy may be asked twice, or compare them while legacy answers',
    )
  })
})
