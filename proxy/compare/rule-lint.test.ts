import assert from 'node:assert/strict'
import { parseJson } from './json.ts'
import { placesOf } from './places.ts'
import { lintRules, type RuleUse } from './rule-lint.ts'
import { parseRules } from './rules.ts'

const parsed = parseJson(
  '{"date":"2026","updateDate":1,"items":[{"id":1,"at":"2026","tags":[]}],"meta":{"took":1}}',
)
const answered = 'value' in parsed ? placesOf(parsed.value) : []
const places = [...answered, 'writes:users/insert/token', 'writes:users/insert/name']

const used = (...patterns: string[]): RuleUse => ({ days: 30, comparisons: 1_000, patterns })

/** A rule, how it did, and what the linter says of it. */
const cases: [object, RuleUse | null, string[]][] = [
  [{ ignore: '/date' }, used('/date'), []],
  [{ ignore: '/date' }, null, []],
  [{ ignore: '/date' }, used(), ['dead']],
  [{ ignore: '/date' }, { days: 3, comparisons: 9, patterns: [] }, []],
  [{ ignore: '/date' }, { days: 30, comparisons: 0, patterns: [] }, []],
  [{ ignore: '/dat' }, null, ['unmatched']],
  [{ ignore: '/items/at' }, null, ['unmatched']],
  [{ ignore: '' }, null, ['root']],
  [{ ignore: '/**' }, null, ['root']],
  [{ ignore: '/*' }, null, ['root']],
  [{ number: '/**', abs: 1 }, null, []],
  [{ ignore: '/items/*' }, used('/items/*/at'), ['overBroad /items/*/id /items/*/tags']],
  [{ ignore: '/items/*/at' }, used('/items/*/at'), []],
  [{ ignore: '/**/at' }, used('/items/*/at'), []],
  [{ ignore: '/items/0/at' }, null, ['index']],
  [{ ignore: '/date', expires: '2026-01-01' }, null, ['expired']],
  [{ ignore: 'header:x-version' }, null, []],
  [{ ignore: 'writes:users/insert/token' }, used(), ['dead']],
  [{ ignore: 'writes:users/insert/token' }, used('writes:users/insert/token'), []],
  [{ ignore: 'writes:*/*/token' }, null, []],
  [{ ignore: 'writes:audit/insert', allow: 'extra' }, null, []],
  [
    { ignore: 'writes:users/insert' },
    used('writes:users/insert/token'),
    ['overBroad writes:users/insert/name'],
  ],
  [{ ignore: 'writes:users' }, null, ['root']],
  [{ ignore: 'writes:users/**' }, null, ['root']],
  [{ ignore: 'writes:*/insert', allow: 'extra' }, null, ['root']],
  [{ ignore: 'writes:**' }, null, ['root']],
]

describe('lintRules', () => {
  it('knows every place of an answer', () => {
    assert.deepEqual(answered, [
      '/date',
      '/updateDate',
      '/items/*/id',
      '/items/*/at',
      '/items/*/tags',
      '/meta/took',
    ])
  })

  for (const [written, use, expected] of cases)
    it(`says ${expected.join(', ') || 'nothing'} of ${JSON.stringify(written)}${use === null ? '' : ` that overlooked ${use.patterns.join(' ') || 'nothing'} in ${use.days} days`}`, () => {
      const { rules } = parseRules([{ why: 'a test', ...written }], 'test')
      const uses = new Map(use === null ? [] : [['test#1', use]])
      const found = lintRules({ rules, uses, places, today: '2026-06-15' })
      assert.deepEqual(
        found.map(({ finding, about }) => [finding, ...about].join(' ')),
        expected,
      )
    })

  it('names the earlier rule that says the same', () => {
    const rule = { ignore: '/date', why: 'a test' }
    const { rules } = parseRules([rule, { ...rule, why: 'again' }], 'test')
    assert.deepEqual(lintRules({ rules, uses: new Map(), places, today: '2026-06-15' }), [
      { rule: 'test#2', finding: 'covered', about: ['test#1'] },
    ])
  })
})
