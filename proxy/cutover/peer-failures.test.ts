import assert from 'node:assert/strict'
import { type Confirmation, confirm } from '../compare/confirm.ts'
import { alarmsOf } from '../compare/e-process.ts'
import { observed } from '../compare/observed.ts'
import { parseRules } from '../compare/rules.ts'
import { createSeededRandom } from '../compare/seeded-random.ts'
import { simulatedAlarms } from '../compare/simulated-noise.ts'
import { failure } from '../targets/failure.ts'
import { countTallies } from './count-tallies.ts'
import { createEvidence, type Evidence, type PlaceCount } from './evidence.ts'
import { gate } from './gate.ts'
import { builtInGates } from './gates.ts'
import { compareArms } from './mixture.ts'
import { lintByEvidence } from './rule-uses.ts'
import { simulateGate } from './simulated-gate.ts'
import type { GateVerdict } from './verdict.ts'

const hour = 3_600_000
const day = 24 * hour

const seen = (part: Partial<Evidence> = {}): Evidence => ({
  ...createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: 0 }),
  last: 30 * day,
  ...part,
})

const parity = (evidence: Evidence, now: number = evidence.last): GateVerdict =>
  gate(evidence, { ...builtInGates.parity!, minSamples: 100 }, { now })

const clean = (trials: number): Partial<Evidence> => ({
  trials,
  shapes: { one: trials },
  outcomes: { identical: trials },
})

const place = (pattern: string, part: Partial<PlaceCount> = {}): PlaceCount => ({
  pattern,
  kind: 'value',
  severity: 'major',
  as: 'noise',
  rule: null,
  count: 1,
  modernAlone: 0,
  legacyAlone: 0,
  ...part,
})

const headers = ['Content-Type', 'application/json']
const answers = (l1: unknown, c1: unknown, l2: unknown, c2: unknown): Confirmation => {
  const [legacy, legacyAgain] = [l1, l2].map((body) =>
    observed('legacy', { headers, body: JSON.stringify(body) }),
  )
  const [modern, modernAgain] = [c1, c2].map((body) =>
    observed('modern', { headers, body: JSON.stringify(body) }),
  )
  return confirm({
    legacy: legacy!,
    modern: modern!,
    legacyAgain: legacyAgain!,
    modernAgain: modernAgain!,
  })
}

/** Diffy shows a field where raw differs by more than 20 % of both, and 0.03 % of all, from noise. */
const diffyShows = (raw: number, noise: number, total: number): boolean =>
  raw > noise && ((raw - noise) / (raw + noise)) * 100 > 20 && ((raw - noise) / total) * 100 > 0.03

/** Of 200 runs without a regression, those in which Diffy ever shows the field. */
const diffyEver = (requests: number, rate: number): number =>
  Array.from({ length: 200 }, (_, seed) => {
    const random = createSeededRandom(seed + 1)
    const counts = { raw: 0, noise: 0 }
    return Array.from({ length: requests }, (_, n) => {
      counts.raw += Number(random() < rate)
      counts.noise += Number(random() < rate)
      return n > 20 && diffyShows(counts.raw, counts.noise, n)
    }).includes(true)
  }).filter(Boolean).length

describe('what other judges of evidence get wrong', () => {
  it('Diffy’s thresholds show a field that never regressed in most runs; ours in none of 200', () => {
    assert.ok(diffyEver(1_000, 0.01) > 100)
    const run = { runs: 200, requests: 1_000, noise: 0.01, regression: 0 }
    assert.ok(simulatedAlarms(run).length <= 2)
  })

  it('Diffy never shows a regression of 20 % under 50 % noise; ours is proven', () => {
    assert.equal(diffyShows(3_000, 2_500, 5_000), false)
    const evidence = seen({
      ...clean(9_000),
      places: [place('/a', { modernAlone: 1_500, legacyAlone: 1_000 })],
    })
    assert.equal(parity(evidence).reason, 'regressed')
  })

  it('Diffy needs a second legacy for every request; one repeat of a mismatch is proof', () => {
    assert.equal(answers({ a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }).confirmed, true)
  })

  it('Diffy masks what always differs; a shape that changed is proven at once', () => {
    const at = (i: number) => ({ at: `2026-01-02T03:04:0${i}Z` })
    assert.equal(answers(at(1), at(2), at(3), at(4)).outcome, 'noise')
    assert.equal(answers(at(1), { at: null }, at(3), { at: null }).confirmed, true)
  })

  it('Diffy and LaunchDarkly leave out what failed; ours counts it as bad', () => {
    const broken = {
      ...observed('modern'),
      status: null,
      failure: failure('handler_failed', 'modern', 'unknown'),
    }
    const legacy = observed('legacy')
    const { outcome } = confirm({ legacy, modern: broken, legacyAgain: null, modernAgain: null })
    const count = countTallies(createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: 0 }))
    count.add({
      route: 'a',
      epoch: 'e',
      primary: 'legacy',
      shadow: 'modern',
      outcome,
      reason: null,
      confirmed: false,
      at: 0,
      shape: 's',
      fingerprint: 'f',
      places: [],
      discordant: null,
      legacyMs: null,
      modernMs: null,
    })
    const { trials, bad } = count.evidence()
    assert.deepEqual([trials, bad], [1, 1])
  })

  it('Scientist cannot tell data that moved on from a fault', () => {
    assert.equal(answers({ views: 1 }, { views: 2 }, { views: 2 }, { views: 2 }).outcome, 'race')
  })

  it('AREX takes two requests for proof of noise; a single sighting is none for us', () => {
    assert.deepEqual(alarmsOf([place('/a', { modernAlone: 2 })]), [])
    assert.equal(parity(seen(clean(2))).verdict, 'collecting')
  })

  it('Flagger takes no data for a failure, and Kayenta scores it 100; it is neither', () => {
    assert.equal(parity(seen(), 31 * day).verdict, 'no_data')
    const { parity: about } = builtInGates
    const canary = { ...about!, signal: 'canary.errors', tolerance: 1.25 } as const
    assert.equal(gate(seen(), canary, { now: 30 * day }).verdict, 'no_data')
  })

  it('Flagger’s fixed threshold rolls a healthy canary back; half of the limit hardly ever fails', () => {
    const about = { limit: 0.01, chance: 0.01, every: 10, trials: 2_000 }
    assert.ok(simulateGate({ ...about, runs: 200, rate: 0.005 }).failed.length <= 2)
  })

  it('Kayenta passes 7 × 100 against 1, and anything against nothing; ours finds both', () => {
    const share = 0.05
    assert.equal(compareArms({ modernBad: 700, legacyBad: 1, share }, 1.25, 0.01), 'above')
    assert.equal(compareArms({ modernBad: 5, legacyBad: 0, share }, 1.25, 0.01), 'above')
  })

  it('nobody asks what has not been seen: a health poller buys no promotion', () => {
    const count = countTallies(createEvidence({ route: 'a', epoch: 'e', instance: 'i', now: 0 }))
    for (let i = 0; i < 9_000; i++)
      count.add({
        route: 'a',
        epoch: 'e',
        primary: 'legacy',
        shadow: 'modern',
        outcome: 'identical',
        reason: null,
        confirmed: false,
        at: i,
        shape: 's',
        fingerprint: 'health',
        places: [],
        discordant: null,
        legacyMs: null,
        modernMs: null,
      })
    const evidence = count.evidence()
    assert.deepEqual([evidence.trials, parity(evidence).verdict], [3, 'collecting'])
  })

  it('Keploy’s automatic rules cover a neighbour, or silently match nothing; the linter tells', () => {
    const { rules } = parseRules(
      [
        { ignore: '/meta', why: 'x' },
        { ignore: '/items/0/at', why: 'x' },
      ],
      'a',
    )
    const places = [
      place('/meta/at', { as: 'excused', rule: 'a#1' }),
      place('/meta/total', { as: 'difference' }),
    ]
    const found = lintByEvidence(rules, seen({ ...clean(500), places }), '2026-01-01')
    assert.deepEqual(
      found.map(({ rule, finding }) => `${rule} ${finding}`),
      ['a#1 overBroad', 'a#2 dead', 'a#2 index'],
    )
  })
})
