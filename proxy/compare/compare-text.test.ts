import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

const headers = ['Content-Type', 'text/plain']

const compared = (legacy: string, modern: string, rules: readonly object[] = []): Comparison =>
  compare(
    observed('legacy', { headers, body: legacy }),
    observed('modern', { headers, body: modern }),
    parseRules(rules, 'test').rules,
  )

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['a line end at the end as spelling',            'a\nb\n',   'a\nb',     ['spelling ']],
  ['a line end that is new as spelling',           'a\nb',     'a\r\nb\n', ['spelling ']],
  ['empty lines at the end as spelling',           'a\n\n\n',  'a\n',      ['spelling ']],
  ['it besides a line that differs',               'a\nb\n',   'a\nc',     ['value /line[2]', 'spelling ']],
  ['an empty line in between as missing',          'a\n\nb',   'a\nb',     ['missing /line[2]']],
  ['a line before the last line end as missing',   'a\nb\n',   'a\n',      ['missing /line[2]']],
  ['a text where there was none as another value', '',         'a\n',      ['value /line[1]', 'spelling ']],
]

describe('texts', () => {
  for (const [what, legacy, modern, expected] of cases)
    it(`tells ${what}: ${JSON.stringify(legacy)} → ${JSON.stringify(modern)}`, () => {
      assert.deepEqual(
        compared(legacy, modern).differences.map(({ kind, path }) => `${kind} ${path}`),
        expected,
      )
    })

  it('break nobody by a line end at the end, and rules of spelling and white space overlook it', () => {
    assert.equal(compared('a\n', 'a').severity, 'info')
    for (const verb of ['spelling', 'whitespace'])
      assert.equal(compared('a\n', 'a', [{ [verb]: '', why: 'a test' }]).outcome, 'equivalent')
  })
})
