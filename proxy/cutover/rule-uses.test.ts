import assert from 'node:assert/strict'
import { parseRules } from '../compare/rules.ts'
import { createEvidence, type Evidence, type PlaceCount } from './evidence.ts'
import { lintByEvidence } from './rule-uses.ts'

const day = 24 * 3_600_000

const place = (pattern: string, rule: string | null): PlaceCount => ({
  pattern,
  kind: 'value',
  severity: 'major',
  as: rule === null ? 'difference' : 'excused',
  rule,
  count: 3,
  modernAlone: 0,
  legacyAlone: 0,
})

const evidence = (days: number, places: readonly PlaceCount[]): Evidence => ({
  ...createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: 0 }),
  last: days * day,
  trials: 100,
  places,
})

const rules = [
  ...parseRules(
    [
      { ignore: '/m', why: 'x' },
      { ignore: '/old', why: 'x' },
    ],
    'a',
  ).rules,
  ...parseRules([{ ignore: '/t', why: 'x' }], 'base').rules,
]

const said = (about: Evidence): string[] =>
  lintByEvidence(rules, about, '2026-01-01').map(({ rule, finding, about: places }) =>
    `${rule} ${finding} ${places.join()}`.trim(),
  )

describe('lintByEvidence', () => {
  const used = place('/m/at', 'a#1')

  it('calls a rule of the route dead that nothing needed for a week, not those of a ruleset', () => {
    assert.deepEqual(said(evidence(8, [used])), ['a#2 dead'])
    assert.deepEqual(said(evidence(6, [used])), [])
  })

  it('calls a rule too broad that covers what differs for other reasons', () => {
    assert.deepEqual(said(evidence(1, [used, place('/m/price', null)])), ['a#1 overBroad /m/price'])
  })
})
