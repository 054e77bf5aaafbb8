import assert from 'node:assert/strict'
import type { Tally } from '../shadow/finding.ts'
import { addTally, countTallies } from './count-tallies.ts'
import { createEvidence, type Evidence, mostPlaces, mostShapes, unseenShare } from './evidence.ts'
import { mergeEvidence } from './merge-evidence.ts'
import { resetReason } from './reset-reason.ts'
import { sessionsOf } from './session-count.ts'

const empty = (instance = 'one'): Evidence =>
  createEvidence({ route: 'a', epoch: 'e', instance, now: 1_000 })

let sequence = 0
const tally = (part: Partial<Tally> = {}): Tally => ({
  route: 'a',
  epoch: 'e',
  primary: 'legacy',
  shadow: 'modern',
  outcome: 'identical',
  reason: null,
  confirmed: false,
  at: 2_000,
  shape: 'GET 200',
  fingerprint: `f${sequence++}`,
  places: [],
  discordant: null,
  legacyMs: null,
  modernMs: null,
  ...part,
})

const counted = (tallies: readonly Partial<Tally>[], before = empty()): Evidence => {
  const count = countTallies(before)
  for (const part of tallies) count.add(tally(part))
  return count.evidence()
}

const times = (count: number, part: Partial<Tally> = {}): Partial<Tally>[] =>
  Array.from({ length: count }, () => part)

const numbers = ({ trials, bad, repeats = 0 }: Evidence): number[] => [trials, bad, repeats]

describe('evidence', () => {
  // biome-ignore format: a table reads best as a table
  const trials: [string, Partial<Tally>[], number[]][] = [
    ['different requests',                        times(5),                                            [5, 0, 0]],
    ['one request five times',                    times(5, { fingerprint: 'x' }),                      [3, 0, 2]],
    ['one bad request five times',                times(5, { fingerprint: 'x', outcome: 'mismatch' }), [5, 5, 0]],
    ['what was shed or could not be told',        [{ outcome: 'shed', reason: 'x' }, { outcome: 'inconclusive', reason: 'y' }], [0, 0, 0]],
    ['errors and timeouts of the shadow',         [{ outcome: 'shadow_error' }, { outcome: 'shadow_timeout' }], [2, 2, 0]],
    ['those of legacy as the shadow',             [{ outcome: 'shadow_error', shadow: 'legacy', primary: 'modern' }], [0, 0, 0]],
    ['a shadow that contradicts itself',          [{ outcome: 'shadow_unstable' }],                    [1, 1, 0]],
    ['races, noise and what is equivalent',       [{ outcome: 'race' }, { outcome: 'noise' }, { outcome: 'equivalent' }], [3, 0, 0]],
  ]
  for (const [what, tallies, expected] of trials)
    it(`counts ${what} as ${expected[0]} trials, ${expected[1]} of them bad`, () => {
      assert.deepEqual(numbers(counted(tallies)), expected)
    })

  it('counts every sample under its outcome and reason', () => {
    const { outcomes } = counted([{}, {}, { outcome: 'shed', reason: 'queue_full' }])
    assert.deepEqual(outcomes, { identical: 2, 'shed:queue_full': 1 })
  })

  it('counts a place once for each request, and the discordant pairs beside', () => {
    const place = {
      pattern: '/a/*',
      kind: 'value',
      severity: 'major',
      as: 'difference',
      rule: null,
    } as const
    const discordant = [{ pattern: '/a/*', kind: 'value', side: 'modern' } as const]
    const { places, chosen } = counted([
      { places: [place, place] },
      { places: [place], discordant },
    ])
    assert.deepEqual(
      places.map(({ as, count, modernAlone }) => [as, count, modernAlone]),
      [
        ['difference', 2, 0],
        ['noise', 0, 1],
      ],
    )
    assert.equal(chosen, 1)
  })

  it('tells regressions, slow answers and captured writes apart', () => {
    const evidence = counted([
      { legacyStatus: 200, modernStatus: 500, outcome: 'mismatch' },
      { legacyStatus: 500, modernStatus: 500 },
      { outcome: 'shadow_timeout', legacyStatus: 200 },
      { legacyMs: 10, modernMs: 100, isCaptured: true },
      { legacyMs: 10, modernMs: 30 },
    ])
    const { regressions, slow, timed, captured } = evidence
    assert.deepEqual([regressions, slow, timed, captured], [2, 1, 2, 1])
  })

  it('counts requests with a session that match as trials, and apart what became of all of them', () => {
    const session = { hasSession: true } as const
    const open = { ...session, outcome: 'inconclusive', reason: 'session' } as const
    const reverse = { primary: 'modern', shadow: 'legacy', legacyStatus: null } as const
    const evidence = counted([
      session,
      { ...session, fingerprint: 'x' },
      ...times(4, { ...session, fingerprint: 'x' }),
      { ...session, outcome: 'shadow_timeout' },
      { ...session, outcome: 'shed', reason: 'queue_full' },
      { ...open, legacyStatus: 200, modernStatus: 200 },
      { ...open, ...reverse },
    ])
    assert.deepEqual(numbers(evidence), [5, 1, 2])
    assert.deepEqual(sessionsOf(evidence), {
      ...{ judged: 7, trials: 5, bad: 1 },
      ...{ unjudged: 1, unasked: 1 },
    })
    const merged = mergeEvidence([evidence, { ...evidence, instance: 'two' }])
    assert.deepEqual(sessionsOf(merged), {
      ...{ judged: 14, trials: 7, bad: 2 },
      ...{ unjudged: 2, unasked: 2 },
    })
  })

  it('goes on after a restart where it left off, told as JSON', () => {
    const before = counted(times(3, { fingerprint: 'x' }))
    const restored = JSON.parse(JSON.stringify(before)) as Evidence
    const after = counted([{ fingerprint: 'x' }, { fingerprint: 'y' }], restored)
    assert.deepEqual(numbers(after), [4, 0, 1])
    assert.deepEqual(addTally(before, tally({ fingerprint: 'x' })).repeats, 1)
  })

  it('stays bounded, and says what it no longer tells apart', () => {
    const shapes = counted(Array.from({ length: 3_000 }, (_, i) => ({ shape: `s${i}` })))
    assert.equal(Object.keys(shapes.shapes).length, mostShapes)
    assert.equal(unseenShare(shapes), 1)
    const place = (i: number) =>
      ({
        pattern: `/p${i}`,
        kind: 'value',
        severity: 'major',
        as: 'difference',
        rule: null,
      }) as const
    const places = counted([{ places: Array.from({ length: 900 }, (_, i) => place(i)) }])
    assert.equal(places.places.length, mostPlaces)
    const count = countTallies(empty(), 100)
    for (let i = 0; i < 150; i++) count.add(tally())
    const { trials: told, uncounted } = count.evidence()
    assert.deepEqual([told, uncounted], [100, 50])
  })

  it('estimates by shapes seen once how much of the traffic was never seen', () => {
    assert.equal(unseenShare({ shapes: {} }), 1)
    assert.equal(unseenShare({ shapes: { a: 98, b: 1, c: 1 } }), 0.02)
  })
})

describe('mergeEvidence', () => {
  const part = (instance: string, tallies: readonly Partial<Tally>[]): Evidence =>
    counted(tallies, empty(instance))

  it('comes to what one instance would have counted', () => {
    const fingerprints = Array.from({ length: 400 }, (_, i) => ({
      fingerprint: `f${i % 150}`,
      shape: `s${i % 7}`,
      outcome: i % 90 === 0 ? ('mismatch' as const) : ('identical' as const),
    }))
    const half = fingerprints.length / 2
    const merged = mergeEvidence([
      part('one', fingerprints.slice(0, half)),
      part('two', fingerprints.slice(half)),
    ])
    const whole = part('both', fingerprints)
    assert.deepEqual([merged.trials, merged.bad], [whole.trials, whole.bad])
    assert.equal(merged.instance, 'one two')
    assert.deepEqual(merged.outcomes, whole.outcomes)
  })

  it('adds up when trials came, of the last hour, as far as they are trials of all', () => {
    const [at, later] = [3_000 * 300_000, 3_014 * 300_000]
    const one = part('one', [...times(9, { at }), ...times(4, { at: later })])
    assert.deepEqual(one.recent, { 3014: 4 })
    const two = part('two', times(2, { at: later - 1 }))
    assert.deepEqual(mergeEvidence([one, two]).recent, { 3013: 2, 3014: 4 })
    const same = ['one', 'two'].map((name) => part(name, times(3, { at, fingerprint: 'x' })))
    assert.deepEqual(mergeEvidence(same).recent, { 3000: 3 })
    assert.equal(mergeEvidence([empty('one'), empty('two')]).recent, undefined)
  })

  it('lets nobody buy confidence by asking every instance the same', () => {
    const poller = ['one', 'two', 'three'].map((name) =>
      part(name, times(50, { fingerprint: 'health' })),
    )
    assert.equal(mergeEvidence(poller).trials, 3)
  })

  it('can be done in any order and in steps', () => {
    const parts = ['one', 'two', 'three'].map((name) =>
      part(name, [{ fingerprint: 'x' }, { fingerprint: name }, { fingerprint: 'x' }]),
    )
    const [a, b, c] = parts as [Evidence, Evidence, Evidence]
    const steps = mergeEvidence([mergeEvidence([a, b]), c])
    assert.deepEqual(numbers(steps), numbers(mergeEvidence([c, b, a])))
    assert.deepEqual(numbers(steps), [6, 0, 3])
  })

  it('refuses what is about something else', () => {
    assert.throws(() => mergeEvidence([]), TypeError)
    assert.throws(() => mergeEvidence([empty(), { ...empty(), epoch: 'f' }]), TypeError)
  })
})

describe('resetReason', () => {
  const before = { build: 'b1', rules: [], legacy: null, modern: null }

  it('names what changed', () => {
    assert.equal(resetReason(before, before), null)
    assert.equal(
      resetReason(before, { ...before, build: 'b2', rules: [1] }),
      'evidence starts anew: the build of the handlers and the rules of the comparison changed',
    )
  })
})
