import assert from 'node:assert/strict'
import { type BalanceName, type Draw, picks, seedOf, type Weighed } from './balance.ts'

type Place = { seed: number; inFlight: number; weight: number }

/** Numbers that look like chance, and are the same every time. */
const seeded = (): (() => number) => {
  let state = 12_345
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 32
  }
}

const places = (...about: readonly Partial<Place>[]): [Place, ...Place[]] =>
  about.map((each, i) => ({
    seed: seedOf(`http://10.0.0.${i}`),
    inFlight: 0,
    weight: 1,
    ...each,
  })) as [Place, ...Place[]]

/** Which share of the draws each place gets, in percent. */
const shares = (
  name: BalanceName,
  open: [Place, ...Place[]],
  about: (turn: number) => Partial<Draw> = () => ({}),
): readonly number[] => {
  const counts = new Map<Weighed, number>()
  const random = seeded()
  const rounds = 30_000
  for (let turn = 0; turn < rounds; turn += 1) {
    const picked = picks[name](open, { turn, key: null, random, ...about(turn) })
    counts.set(picked, (counts.get(picked) ?? 0) + 1)
  }
  return open.map((each) => Math.round(((counts.get(each) ?? 0) * 100) / rounds))
}

const isNear = (found: readonly number[], wanted: readonly number[]): void => {
  const isClose = found.every((share, i) => Math.abs(share - (wanted[i] ?? Number.NaN)) <= 2)
  assert.ok(isClose && found.length === wanted.length, `${found} is not near ${wanted}`)
}

describe('picks', () => {
  const key = (turn: number): Partial<Draw> => ({ key: `user-${turn}` })
  const busy = [{ inFlight: 5 }, { inFlight: 1 }, { inFlight: 5 }]
  // biome-ignore format: a table reads best as a table
  const table: readonly (readonly [BalanceName, string, readonly Partial<Place>[], readonly number[]])[] = [
    ['roundRobin',    'takes turns, however busy they are',          busy,                          [33, 33, 33]],
    ['roundRobin',    'lets one that comes back give turns away',    [{ weight: 0.1 }, {}, {}],     [3, 48, 48]],
    ['leastInFlight', 'takes the least busy',                        busy,                          [0, 100, 0]],
    ['leastInFlight', 'takes turns among those that are alike',      [{}, {}, { inFlight: 1 }],     [50, 50, 0]],
    ['leastInFlight', 'counts requests against the weight',          [{ weight: 0.1 }, { inFlight: 5 }], [0, 100]],
    ['p2c',           'takes the less busy of two',                  busy,                          [17, 67, 17]],
    ['p2c',           'spreads evenly over those that are alike',    [{}, {}, {}, {}],              [25, 25, 25, 25]],
    ['p2c',           'always has two to compare',                   [{ inFlight: 1 }, {}],         [0, 100]],
    ['hash',          'spreads keys evenly',                         [{}, {}, {}, {}],              [25, 25, 25, 25]],
    ['hash',          'spreads keys by weight',                      [{ weight: 0.5 }, {}, {}],     [20, 40, 40]],
  ]
  for (const [name, title, about, wanted] of table) {
    it(`${name} ${title}`, () => isNear(shares(name, places(...about), key), wanted))
  }

  const owners = (open: [Place, ...Place[]]): readonly number[] =>
    Array.from({ length: 5_000 }, (_, i) => {
      const draw = { turn: i, key: `user-${i}`, random: () => 0.5 }
      return picks.hash(open, draw).seed
    })

  it('hash keeps a key where it is, whatever its turn and however busy its address', () => {
    const open = places({}, {}, {})
    const before = owners(open)
    for (const each of open) each.inFlight = 99
    assert.deepEqual(owners(open), before)
  })

  it('hash moves only the keys of an address that is gone', () => {
    const [first, ...others] = places({}, {}, {}, {})
    const before = owners([first, ...others])
    const after = owners(others as [Place, ...Place[]])
    for (const [i, owner] of before.entries()) {
      if (owner !== first.seed) assert.equal(after[i], owner)
    }
    assert.ok(new Set(after.filter((_, i) => before[i] === first.seed)).size === 3)
  })

  it('hash only brings keys to an address whose weight grows', () => {
    const open = places({ weight: 0.2 }, {}, {})
    const before = owners(open)
    open[0].weight = 0.6
    const after = owners(open)
    for (const [i, owner] of after.entries()) {
      if (owner !== before[i]) assert.equal(owner, open[0].seed)
    }
    assert.notDeepEqual(after, before)
  })

  it('hash takes the less busy of two where there is no key', () => {
    isNear(shares('hash', places(...busy)), [17, 67, 17])
  })
})
