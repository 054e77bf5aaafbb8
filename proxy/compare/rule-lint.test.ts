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
  [{ number: '/**', abs: 1e12 }, null, ['root']],
  [{ number: '/**', rel: 1 }, null, ['root']],
  [{ number: '/**' }, null, []],
  [{ shape: '/**', is: 'any' }, null, ['root']],
  [{ shape: '/**', is: 'uuid' }, null, []],
  [{ identity: '/**' }, null, ['root']],
  [{ identity: '/**/id' }, null, []],
  [{ time: '/**', tolerance: '3650d' }, null, ['root']],
  [{ time: '/**', tolerance: '2s' }, null, []],
  [
    { shape: '/items/*/*', is: 'text' },
    used('/items/*/at'),
    ['overBroad /items/*/id /items/*/tags'],
  ],
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

/** An earlier rule, a later one, and whether the later is said to be covered. */
// biome-ignore format: a table reads best as a table
const twice: readonly (readonly [object, object, boolean])[] = [
  [{ ignore: '/a' },                       { ignore: '/a/b' },                      true],
  [{ ignore: '/a/b' },                     { ignore: '/a' },                        false],
  [{ ignore: '/items/*' },                 { ignore: '/items/[id=7]/at' },          true],
  [{ ignore: '/items/[id=7]' },            { ignore: '/items/*' },                  false],
  [{ ignore: '/**/at' },                   { ignore: '/items/*/at' },               true],
  [{ ignore: '/a/*' },                     { ignore: '/a/**' },                     false],
  [{ ignore: '/a' },                       { ignore: 'header:a' },                  false],
  [{ spelling: '/a' },                     { spelling: '/a/b' },                    false],
  [{ spelling: '/**' },                    { spelling: '/a/b' },                    true],
  [{ ignore: '/a', allow: ['type'] },      { ignore: '/a/b' },                      true],
  [{ ignore: '/a' },                       { ignore: '/a/b', allow: ['type'] },     false],
  [{ number: '/**', abs: 1 },              { number: '/a', abs: 2 },                false],
  [{ number: '/**', abs: 2 },              { number: '/a', abs: 1 },                true],
  [{ number: '/**', abs: 2 },              { number: '/a' },                        true],
  [{ number: '/**', rel: 0.1 },            { number: '/a', rel: 0.01 },             true],
  [{ number: '/**', abs: 2, rel: 0.01 },   { number: '/a', abs: 1, rel: 0.1 },      false],
  [{ number: '/**', abs: 2 },              { number: '/a', abs: 1, scale: 2 },      false],
  [{ time: '/**', tolerance: '2s' },       { time: '/a', tolerance: '1s' },         true],
  [{ time: '/**', tolerance: '1s' },       { time: '/a', tolerance: '2s' },         false],
  [{ time: '/**', tolerance: '2s' },       { time: '/a', tolerance: '1s', zone: 'UTC' }, false],
  [{ ignore: '/a' },                       { ignore: '/a', when: { status: 404 } }, true],
  [{ ignore: '/a', when: { status: 404 } }, { ignore: '/a' },                       false],
  [{ ignore: '/a', expires: '2026-07-01' }, { ignore: '/a' },                       false],
  [{ order: '/**', is: 'ignored' },        { order: '/a', is: 'ignored' },          false],
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

  for (const [earlier, later, expected] of twice)
    it(`says that ${JSON.stringify(earlier)} ${expected ? 'covers' : 'does not cover'} ${JSON.stringify(later)}`, () => {
      const written = [earlier, later].map((rule) => ({ why: 'a test', ...rule }))
      const { rules } = parseRules(written, 'test')
      const found = lintRules({ rules, uses: new Map(), places: [], today: '2026-06-15' })
      const isCovered = found.some(({ rule, finding }) => `${rule} ${finding}` === 'test#2 covered')
      assert.deepEqual([rules.length, isCovered], [2, expected])
    })

  it('names the earlier rule that says the same', () => {
    const rule = { ignore: '/date', why: 'a test' }
    const { rules } = parseRules([rule, { ...rule, why: 'again' }], 'test')
    assert.deepEqual(lintRules({ rules, uses: new Map(), places, today: '2026-06-15' }), [
      { rule: 'test#2', finding: 'covered', about: ['test#1'] },
    ])
  })
})
