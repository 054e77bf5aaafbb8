import assert from 'node:assert/strict'
import { failure } from '../targets/failure.ts'
import type { Failure, Observation } from '../targets/send.ts'
import { type Confirmation, confirm, needsRepeat } from './confirm.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

const headers = ['Content-Type', 'application/json']
const legacy = (body: unknown): Observation =>
  observed('legacy', { headers, body: JSON.stringify(body) })
const modern = (body: unknown): Observation =>
  observed('modern', { headers, body: JSON.stringify(body) })
const again = <T>(body: unknown, side: (body: unknown) => T): T | null =>
  body === undefined ? null : side(body)

/** L1, C1, L2, C2; undefined: not repeated. */
type Four = readonly [unknown, unknown, unknown?, unknown?]

const sandwiched = ([l1, c1, l2, c2]: Four, options = {}): Confirmation =>
  confirm(
    {
      legacy: legacy(l1),
      modern: modern(c1),
      legacyAgain: again(l2, legacy),
      modernAgain: again(c2, modern),
    },
    [],
    options,
  )

const said = ({ outcome, confirmed }: Confirmation): string =>
  confirmed ? `${outcome} confirmed` : outcome

const at = (second: number): object => ({ at: `2026-01-02T03:04:${second}.123Z` })

// biome-ignore format: a table reads best as a table
const cases: [string, Four, string, string[]][] = [
  ['both agree with themselves, not with each other', [{ a: 1 }, { a: 2 }, { a: 1 }, { a: 2 }], 'mismatch confirmed', ['confirmed']],
  ['nothing is repeated',                             [{ a: 1 }, { a: 2 }],                     'mismatch',           ['open']],
  ['only legacy is repeated, and agrees',             [{ a: 1 }, { a: 2 }, { a: 1 }],           'mismatch',           ['open']],
  ['only modern is repeated, and agrees',             [{ a: 1 }, { a: 2 }, undefined, { a: 2 }], 'mismatch',          ['open']],
  ['only modern is repeated, and disagrees',          [{ a: 1 }, { a: 2 }, undefined, { a: 3 }], 'mismatch',          ['open']],
  ['modern alone contradicts itself',                 [{ a: 1 }, { a: 2 }, { a: 1 }, { a: 3 }], 'shadow_unstable',    ['unstable']],
  ['modern comes round to legacy',                    [{ a: 1 }, { a: 2 }, { a: 1 }, { a: 1 }], 'shadow_unstable',    ['unstable']],
  ['legacy comes round to modern',                    [{ a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }], 'race',               ['race']],
  ['legacy comes round to modern, asked alone',       [{ a: 1 }, { a: 2 }, { a: 2 }],           'race',               ['race']],
  ['all four differ',                                 [at(10), at(11), at(12), at(13)],         'noise',              ['noise']],
  ['legacy varies, modern does not',                  [at(10), at(11), at(12), at(11)],         'noise',              ['noise']],
  ['legacy varies, modern has seconds',               [at(10), { at: 1767323045 }, at(12), { at: 1767323045 }], 'mismatch confirmed', ['confirmed']],
  ['legacy varies, modern has another form',          [at(10), { at: '2026-01-02 03:04:11' }, at(12), { at: '2026-01-02 03:04:13' }], 'shadow_unstable', ['unstable']],
  ['both always vary, modern in another type',        [at(10), { at: 1767323050123 }, at(12), { at: 1767323052123 }], 'mismatch confirmed', ['confirmed']],
  ['modern always varies, in another type',           [{ at: null }, { at: 1767323050123 }, { at: null }, { at: 1767323052123 }], 'mismatch confirmed', ['confirmed']],
  ['both always vary, modern as a list',              [at(10), { at: [1] }, at(12), { at: [2] }], 'mismatch confirmed', ['confirmed']],
  ['modern has more than legacy, always another',     [{ a: 1 }, { a: 1, n: 'x' }, { a: 1 }, { a: 1, n: 'y' }], 'mismatch confirmed', ['confirmed']],
  ['both always vary, modern in this type and that',  [at(10), { at: 1767323050123 }, at(12), { at: null }], 'shadow_unstable', ['unstable']],
  ['legacy varies in type, modern has yet another',   [{ a: 1 }, { a: [1] }, { a: 'x' }, { a: [2] }], 'shadow_unstable', ['unstable']],
  ['modern alone has it now and then',                [{ a: 1 }, { a: 1, n: 'x' }, { a: 1 }, { a: 1 }], 'shadow_unstable', ['unstable']],
  ['legacy varies in value, modern leaves it out',    [at(10), {}, at(12), {}],                 'mismatch confirmed', ['confirmed']],
  ['legacy has it now and then, modern has not',      [{ a: 1 }, {}, {}, { a: 1 }],             'race',               ['race']],
  ['legacy has it now and then, modern always',       [{ a: 1 }, { a: 1, n: 'y' }, { a: 1, n: 'x' }, { a: 1, n: 'y' }], 'noise', ['noise']],
  ['legacy has it now and then, modern of another type', [{ a: 1 }, { a: 1, n: [1] }, { a: 1, n: 'x' }, { a: 1, n: [1] }], 'mismatch confirmed', ['confirmed']],
  ['legacy has it now and then, modern of another form', [{ a: 1 }, { a: 1, ...at(10) }, { a: 1, at: 'x' }, { a: 1, ...at(10) }], 'mismatch confirmed', ['confirmed']],
  ['one place is proven, another is noise',           [{ a: 1, ...at(10) }, { a: 2, ...at(11) }, { a: 1, ...at(12) }, { a: 2, ...at(13) }], 'mismatch confirmed', ['confirmed', 'noise']],
  ['one place moved on, another is unstable',         [{ a: 1, b: 1 }, { a: 2, b: 2 }, { a: 2, b: 1 }, { a: 2, b: 3 }], 'shadow_unstable', ['race', 'unstable']],
  ['one place is unstable, another proven',           [{ a: 1, b: 1 }, { a: 2, b: 2 }, { a: 1, b: 1 }, { a: 2, b: 3 }], 'mismatch confirmed', ['confirmed', 'unstable']],
  ['legacy null or text, modern a list',              [{ a: null }, { a: [1] }, { a: 'x' }, { a: [1] }], 'mismatch confirmed', ['confirmed']],
  ['legacy permutes a list, modern too',              [[1, 2, 3], [3, 2, 1], [2, 1, 3], [1, 3, 2]], 'noise',          ['noise']],
  ['a root of another type under a varying member',   [at(10), [], at(12), []],                 'mismatch confirmed', ['confirmed']],
  ['nothing differs',                                 [{ a: 1 }, { a: 1 }, { a: 1 }, { a: 1 }], 'identical',          []],
]

describe('confirm', () => {
  for (const [when, four, expected, places] of cases)
    it(`says ${expected} when ${when}`, () => {
      const found = sandwiched(four)
      assert.equal(said(found), expected)
      assert.deepEqual(
        found.places.map(({ is }) => is),
        places,
      )
    })

  const failed = (from: 'legacy' | 'modern', code: Failure['code']): Observation => ({
    ...observed(from),
    status: null,
    failure: failure(code, from, 'unknown'),
  })
  const one = { legacy: legacy([1]), modern: modern([2]), legacyAgain: legacy([1]) }

  it('takes a repeat of legacy that failed for none at all', () => {
    const legacyAgain = failed('legacy', 'connection_refused')
    const found = confirm({ ...one, legacyAgain, modernAgain: modern([2]) }, [], { isChosen: true })
    assert.deepEqual([said(found), found.discordant], ['mismatch', null])
  })

  const answered = (from: 'legacy' | 'modern', status: number): Observation => ({
    ...observed(from, { headers, body: '{"error":1}' }),
    status,
  })

  for (const status of [429, 404, 503])
    it(`takes a repeat of legacy that is answered ${status} for none at all`, () => {
      const legacyAgain = answered('legacy', status)
      for (const modernAgain of [modern([2]), answered('modern', status)]) {
        const found = confirm({ ...one, legacyAgain, modernAgain }, [], { isChosen: true })
        assert.deepEqual([said(found), found.discordant, found.noise], ['mismatch', null, []])
      }
    })

  it('takes a repeat of legacy that is gone, as modern said, for a race', () => {
    const [legacyAgain, gone] = [answered('legacy', 404), answered('modern', 404)]
    const found = confirm({ ...one, modern: gone, legacyAgain, modernAgain: gone })
    assert.equal(found.outcome, 'race')
  })

  it('takes a shadow that answers once and fails once for unstable', () => {
    const modernAgain = failed('modern', 'http_response_timeout')
    assert.equal(confirm({ ...one, modernAgain }).outcome, 'shadow_unstable')
  })

  it('repeats nothing but a mismatch', () => {
    const unanswered = confirm({
      ...one,
      modern: failed('modern', 'handler_failed'),
      modernAgain: null,
    })
    assert.equal(unanswered.outcome, 'shadow_error')
    assert.deepEqual(
      [unanswered, sandwiched([1, 1]), sandwiched([1, 2])].map(({ comparison }) =>
        needsRepeat(comparison),
      ),
      [false, false, true],
    )
  })

  it('calls what failed by its role where modern is the primary', () => {
    const sides = { ...one, modernAgain: null, legacyAgain: null }
    const legacyFailed = { ...sides, legacy: failed('legacy', 'handler_failed') }
    assert.equal(confirm(legacyFailed, [], { primary: 'modern' }).outcome, 'shadow_error')
    assert.equal(confirm(legacyFailed).outcome, 'inconclusive')
  })

  it('overlooks in the repeats what a rule overlooks', () => {
    const { rules } = parseRules([{ ignore: '/at', why: 'clock' }], 'own')
    const four = [at(10), at(11), at(12), at(13)].map((body, i) =>
      i % 2 === 0 ? legacy(body) : modern(body),
    ) as [Observation, Observation, Observation, Observation]
    const [l1, c1, l2, c2] = four
    const found = confirm({ legacy: l1, modern: c1, legacyAgain: l2, modernAgain: c2 }, rules)
    assert.deepEqual([found.outcome, found.noise], ['equivalent', []])
  })

  it('proves nothing at a place that is known to be noisy, unless the shape is another', () => {
    const noise = sandwiched([at(10), at(10), at(12)]).noise
    const same: Four = [at(10), at(11), at(10), at(11)]
    assert.equal(said(sandwiched(same)), 'mismatch confirmed')
    assert.equal(said(sandwiched(same, { noise })), 'noise')
    const reshaped: Four = [at(10), { at: null }, at(10), { at: null }]
    assert.equal(said(sandwiched(reshaped, { noise })), 'mismatch confirmed')
  })

  it('leaves a mismatch open where there are more differences than can be listed', () => {
    const many = (value: number): object =>
      Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`name${i}`, value]))
    assert.equal(said(sandwiched([many(1), many(2), many(3), many(2)])), 'mismatch')
  })
})

describe('noise of one name among many', () => {
  const rest = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`name${i}`, 1]))
  // biome-ignore format: a table reads best as a table
  const objects: [string, (views: number, price: number) => object][] = [
    ['of names with an umlaut', (aufrufe, price) => ({ aufrufe, größe: 3, price })],
    ['of names of two words',   (views, price) => ({ views, 'First Name': 'Ann', price })],
    ['of names unlike names',   (views, price) => ({ views, 'a/b': 3, price })],
    ['of very many names',      (views, price) => ({ views, ...rest, price })],
  ]
  for (const [of, object] of objects) {
    it(`does not excuse a sibling in an object ${of}`, () => {
      const { noise } = sandwiched([object(1, 12), object(1, 12), object(2, 12)])
      const four: Four = [object(5, 12), object(6, 999), object(7, 12), object(8, 999)]
      for (const options of [{}, { noise }])
        assert.equal(said(sandwiched(four, options)), 'mismatch confirmed')
      assert.equal(said(sandwiched([object(5, 12), object(6, 12)], { noise })), 'noise')
    })
  }

  it('is not taken for that of another name which legacy repeats alike', () => {
    const { noise } = sandwiched([{ ...rest, a: 1 }, rest, { ...rest, a: 2 }])
    const collapsed = noise.map(({ names, ...place }) => place)
    const four = (price: number): Four => [
      { ...rest, price: 1 },
      { ...rest, price },
      { ...rest, price: 1 },
      { ...rest, price },
    ]
    assert.equal(said(sandwiched(four(9), { noise: collapsed })), 'mismatch confirmed')
    const [discordant] = sandwiched(four(9), { noise: collapsed, isChosen: true }).discordant ?? []
    assert.deepEqual(discordant, { pattern: '/*', kind: 'value', side: 'modern' })
  })
})

describe('the discordant places of a request chosen for A/A', () => {
  // biome-ignore format: a table reads best as a table
  const pairs: [string, Four, string[]][] = [
    ['modern alone differs', [{ a: 1 }, { a: 2 }, { a: 1 }], ['/a modern']],
    ['legacy alone differs', [{ a: 1 }, { a: 1 }, { a: 2 }], ['/a legacy']],
    ['both differ',          [{ a: 1 }, { a: 2 }, { a: 3 }], []],
    ['none differs',         [{ a: 1 }, { a: 1 }, { a: 1 }], []],
    ['each at its own',      [{ a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }], ['/a modern', '/b legacy']],
  ]
  for (const [when, four, expected] of pairs)
    it(`are ${expected.join(', ') || 'none'} where ${when}`, () => {
      const { discordant } = sandwiched(four, { isChosen: true })
      assert.deepEqual(
        discordant?.map(({ pattern, side }) => `${pattern} ${side}`),
        expected,
      )
    })

  it('are not known of a request that was repeated for its mismatch', () => {
    assert.equal(sandwiched([1, 2, 1, 2]).discordant, null)
    assert.equal(sandwiched([1, 2], { isChosen: true }).discordant, null)
  })

  it('count known noise, which the outcome overlooks', () => {
    const { noise } = sandwiched([at(10), at(10), at(12)])
    const { outcome, discordant } = sandwiched([at(10), at(11), at(10)], { noise, isChosen: true })
    assert.deepEqual([outcome, discordant?.[0]?.side], ['noise', 'modern'])
  })
})
