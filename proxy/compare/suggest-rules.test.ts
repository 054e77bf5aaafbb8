import assert from 'node:assert/strict'
import { parseConfig } from '../config/parse.ts'
import { compare } from './compare.ts'
import { learnNoise } from './learn-noise.ts'
import { createNoiseLedger, type NoiseLedger } from './noise-ledger.ts'
import { observed } from './observed.ts'
import { rulesOf } from './rules-of.ts'
import { suggestedRules, suggestRules } from './suggest-rules.ts'

const headers = ['Content-Type', 'application/json']
/** `"#7#"` stands for a number that JavaScript has not. */
const answer = (body: unknown) =>
  observed('legacy', { headers, body: JSON.stringify(body).replace(/"#|#"/g, '') })

const ledgerOf = (times: number, make: (i: number) => unknown): NoiseLedger => {
  const ledger = createNoiseLedger()
  for (let i = 0; i < times; i++)
    ledger.learn(learnNoise(compare(answer(make(2 * i)), answer(make(2 * i + 1)))))
  return ledger
}

const yamlOf = (ledger: NoiseLedger): string =>
  suggestRules('noise', suggestedRules(ledger.counts(), ledger.repeats()))

const at = (i: number): string => `2026-01-02T03:04:${10 + i}Z`

describe('suggestRules', () => {
  it('writes YAML that a config takes, and that overlooks the noise and nothing else', () => {
    const make = (i: number) => ({ at: at(i), tags: i % 2 ? ['a', 'b'] : ['b', 'a'], price: 1 })
    const text = yamlOf(ledgerOf(5, make))
    const { config, diagnostics } = parseConfig([
      {
        file: 'banyan.yaml',
        text: `upstreams: { php: { url: http://a } }\nroutes: { a: { match: /*, legacy: php, compare: noise } }\n${text}`,
      },
    ])
    assert.deepEqual(diagnostics, [])
    assert.ok(config)
    const rules = rulesOf(config, config.routes[0]!)
    assert.equal(compare(answer(make(0)), answer(make(1)), rules).outcome, 'equivalent')
    const wrong = [
      { ...make(1), price: 2 },
      { ...make(1), at: null },
      { ...make(1), at: 1767323045 },
    ]
    for (const each of wrong)
      assert.equal(compare(answer(make(0)), answer(each), rules).outcome, 'mismatch')
  })

  it('gives each rule its reason with counts', () => {
    const ledger = ledgerOf(4, (i) => ({ at: at(i) }))
    assert.match(
      yamlOf(ledger),
      /- { ignore: "\/at", why: "legacy differs from itself here in 4 of 4 repeats, always as time" }/,
    )
  })

  it('takes what comes and goes for one thing', () => {
    const ledger = ledgerOf(4, (i) => (i % 2 ? { a: 1 } : {}))
    assert.deepEqual(
      suggestedRules(ledger.counts(), 4).map(({ rule }) => rule?.allow),
      [['missing', 'extra']],
    )
  })

  // biome-ignore format: a table reads best as a table
  const refused: [string, (i: number) => unknown, RegExp][] = [
    ['the whole body',                     (i) => i,                                 /whole answer/],
    ['every element',                      (i) => [i, i + 1],                        /whole answer/],
    ['every element of every element',     (i) => [[i]],                             /whole answer/],
    ['the length of a list',               (i) => ({ l: Array(1 + (i % 2)).fill('x') }), /every element of the list/],
    ['digits that are lost',               (i) => ({ id: `#${i % 2 ? 9007199254740992n : 9007199254740993n}#` }), /lost digits/],
    ['a container that comes and goes',    (i) => (i % 2 ? { m: { deep: 1 } } : {}), /everything that it holds/],
  ]
  for (const [what, make, why] of refused)
    it(`suggests no rule for ${what}, and says why`, () => {
      const text = yamlOf(ledgerOf(6, make))
      assert.doesNotMatch(text, /^ {4}- /m)
      assert.match(text, /^# no rule for /m)
      assert.match(text, why)
    })

  it('suggests nothing on one sighting, and nothing where there is no noise', () => {
    assert.match(yamlOf(ledgerOf(1, (i) => ({ a: i }))), /^# no rule .* too few/)
    assert.match(yamlOf(ledgerOf(9, () => ({ a: 1 }))), /nothing to suggest/)
  })

  it('lets no name that a target chose break out of its quotes', () => {
    const name = 'a"\n- {\u202e\u0085 #'
    const text = yamlOf(ledgerOf(4, (i) => ({ b: { [name]: i } })))
    assert.equal(text.trim().split('\n').length, 3)
    assert.doesNotMatch(text, /[\u0085\u202e]/)
    const { diagnostics } = parseConfig([
      {
        file: 'banyan.yaml',
        text: `upstreams: { php: { url: http://a } }\nroutes: { a: { match: /*, legacy: php } }\n${text}`,
      },
    ])
    assert.deepEqual(diagnostics, [])
  })
})
