import { deepEqual, equal } from 'node:assert/strict'
import { type Confirmation, confirm } from '../../compare/confirm.ts'
import { observed } from '../../compare/observed.ts'
import { parseRules } from '../../compare/rules.ts'
import type { WriteDifference } from './report.ts'
import { withWrites } from './with-writes.ts'

const answers = (modern = '{"a":1}'): Confirmation => {
  const headers = ['content-type', 'application/json']
  const sides = {
    legacy: observed('legacy', { headers, body: '{"a":1}' }),
    modern: observed('modern', { headers, body: modern }),
  }
  return confirm({ ...sides, legacyAgain: null, modernAgain: null })
}

const token: WriteDifference = {
  place: 'users/insert/token',
  kind: 'value',
  legacy: 'f3a9c1d2e4b5a697',
  modern: '0817263544a3b2c1',
}
const row: WriteDifference = {
  place: 'audit/insert',
  kind: 'extra',
  legacy: null,
  modern: 'insert',
}
const nulled: WriteDifference = { ...token, modern: null }
const odd: WriteDifference = { ...token, place: 'a/b*c/update/[d' }

/** A rule or none, a write, what it comes to. */
const cases: readonly [object | null, WriteDifference, string][] = [
  [null, token, 'mismatch'],
  [{ ignore: 'writes:users/insert/token' }, token, 'equivalent'],
  [{ ignore: 'writes:*/*/token' }, token, 'equivalent'],
  [{ ignore: 'writes:**/token' }, token, 'equivalent'],
  [{ ignore: 'writes:users' }, token, 'equivalent'],
  [{ shape: 'writes:users/insert/token', is: 'hex' }, token, 'equivalent'],
  [{ shape: 'writes:users/insert/token', is: 'uuid' }, token, 'mismatch'],
  [{ ignore: 'writes:users/update/token' }, token, 'mismatch'],
  [{ ignore: 'writes:Users/insert/token' }, token, 'mismatch'],
  [{ ignore: '/users/insert/token' }, token, 'mismatch'],
  [{ ignore: '/**' }, token, 'mismatch'],
  [{ ignore: 'writes:users/insert/token', expires: '2020-01-01' }, token, 'mismatch'],
  [{ ignore: 'writes:users/insert/token' }, nulled, 'mismatch'],
  [
    { ignore: 'writes:users/insert/token', allow: 'shape' },
    { ...nulled, legacy: '' },
    'equivalent',
  ],
  [
    { coerce: 'writes:users/insert/token', between: 'nullEmpty' },
    { ...nulled, legacy: '' },
    'equivalent',
  ],
  [{ ignore: 'writes:a~1b~2c/update/~3d' }, odd, 'equivalent'],
  [{ ignore: 'writes:audit/insert' }, row, 'mismatch'],
  [{ ignore: 'writes:audit/insert', allow: 'extra' }, row, 'equivalent'],
  [{ expect: 'writes:audit/insert', modern: 'insert' }, row, 'equivalent'],
  [
    { expect: 'writes:audit/insert', modern: 'insert' },
    { ...row, kind: 'missing', legacy: 'insert', modern: null },
    'mismatch',
  ],
]

const rulesOf = (written: object | null) => {
  const { rules, problems } = parseRules(
    written === null ? [] : [{ why: 'so', ...written }],
    'mine',
  )
  deepEqual(problems, [])
  return rules.filter(({ expires }) => expires === null)
}

describe('what was written, beside what was answered', () => {
  for (const [written, write, outcome] of cases) {
    it(`is ${outcome} for ${write.kind} at ${write.place} with ${JSON.stringify(written)}`, () => {
      const { found } = withWrites(answers(), [write], rulesOf(written))
      equal(found.outcome, outcome)
      equal(found.comparison.outcome, outcome)
      const isExcused = outcome === 'equivalent'
      deepEqual(
        found.comparison.excused.map(({ rule }) => rule),
        isExcused ? ['mine#1'] : [],
      )
      equal(found.comparison.severity === null, isExcused)
    })
  }

  it('says NULL where a column holds it, and nothing where there is no row', () => {
    const { differences } = withWrites(answers(), [nulled, row], []).found.comparison
    deepEqual(
      differences.map(({ path, legacy, modern, severity }) => [path, legacy, modern, severity]),
      [
        ['writes:users/insert/token', '"f3a9c1d2e4b5a697"', 'null', 'major'],
        ['writes:audit/insert', null, '"insert"', 'breaking'],
      ],
    )
  })

  it('leaves a mismatch of the answers what it is when rules overlook the writes', () => {
    const rules = rulesOf({ ignore: 'writes:users/insert/token' })
    const { found } = withWrites(answers('{"a":2}'), [token], rules)
    equal(found.outcome, 'mismatch')
    deepEqual(
      found.comparison.differences.map(({ path }) => path),
      ['/a'],
    )
  })

  it('learns from what no rule overlooks, and from nothing else', () => {
    const rules = rulesOf({ ignore: 'writes:users/insert/token' })
    equal(withWrites(answers(), [token], rules).learned.length, 0)
    deepEqual(
      withWrites(answers(), [token], []).learned.map(({ pattern, shape }) => [
        pattern,
        shape?.name,
      ]),
      [['writes:users/insert/token', 'hex']],
    )
  })
})
