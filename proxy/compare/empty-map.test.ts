import assert from 'node:assert/strict'
import { type CompareOptions, compare } from './compare.ts'
import { observed } from './observed.ts'
import { builtInRules } from './rulesets.ts'

const headers = ['Content-Type', 'application/json']

const outcomeOf = (legacy: string, modern: string, options: CompareOptions = {}): string =>
  compare(
    observed('legacy', { headers, body: legacy }),
    observed('modern', { headers, body: modern }),
    builtInRules('php') ?? [],
    options,
  ).outcome

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, string, string, string])[] = [
  ['excuses modern’s empty map',                        '{"a":[]}', '{"a":{}}', 'equivalent'],
  ['excuses it where others of the place are maps',     '[{"a":[]},{"a":{"b":1}}]', '[{"a":{}},{"a":{"b":1}}]', 'equivalent'],
  ['excuses it beside a list that is another place',    '{"a":[],"b":[1]}', '{"a":{},"b":[1]}', 'equivalent'],
  ['does not take modern’s list for legacy’s map',      '{"a":{}}', '{"a":[]}', 'mismatch'],
  ['does not take what holds something for empty',      '{"a":[1]}', '{"a":{"0":1}}', 'mismatch'],
  ['does not excuse it where others are lists',         '[{"a":[]},{"a":[1]}]', '[{"a":{}},{"a":[1]}]', 'mismatch'],
  ['does not excuse it where legacy’s others are lists', '[{"a":[]},{"a":[1]}]', '[{"a":{}},{"a":{"0":1}}]', 'mismatch'],
  ['does not excuse it where names are data',           '{"7":{"a":[]},"8":{"a":[1]}}', '{"7":{"a":{}},"8":{"a":[1]}}', 'mismatch'],
]

describe('PHP’s empty map', () => {
  for (const [what, legacy, modern, expected] of cases)
    it(`${what}: ${legacy} → ${modern}`, () => {
      assert.equal(outcomeOf(legacy, modern), expected)
    })

  it('is none where legacy is known to reorder a list', () => {
    const place = { pattern: '/a', kind: 'order', shape: null, spreadMs: 0 } as const
    const [legacy, modern] = ['{"a":[],"b":[]}', '{"a":{},"b":{}}']
    assert.equal(outcomeOf(legacy, modern, { noise: [place] }), 'mismatch')
    assert.equal(outcomeOf(legacy, modern, { noise: [{ ...place, pattern: '/c' }] }), 'equivalent')
  })
})
