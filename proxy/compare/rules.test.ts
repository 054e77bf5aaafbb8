import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { matchesPlace } from './match-place.ts'
import { observed } from './observed.ts'
import { parsePattern } from './place.ts'
import { ruleCases } from './rule-cases.ts'
import { parseRules } from './rules.ts'
import { builtInRules, rulesetNames } from './rulesets.ts'

const headers = ['Content-Type', 'application/json']

const compared = (
  legacy: string,
  modern: string,
  rules: readonly object[],
  route: string | null = null,
): Comparison => {
  const parsed = parseRules(
    rules.map((rule) => ({ why: 'a test', ...rule })),
    'test',
  )
  assert.deepEqual(parsed.problems, [])
  return compare(
    observed('legacy', { headers, body: legacy }),
    observed('modern', { headers, body: modern }),
    parsed.rules,
    { route, today: '2026-06-15' },
  )
}

describe('rules', () => {
  for (const [rule, excused, kept] of ruleCases) {
    const name = JSON.stringify(rule)
    for (const [legacy, modern] of excused)
      it(`${name} overlooks ${legacy} → ${modern}, and is named`, () => {
        const comparison = compared(legacy, modern, [rule])
        assert.deepEqual(comparison.differences, [])
        assert.equal(comparison.outcome, 'equivalent')
        assert.ok(comparison.excused.every((each) => each.rule === 'test#1'))
        assert.ok(comparison.excused.length > 0)
      })
    for (const [legacy, modern] of kept)
      it(`${name} does not overlook ${legacy} → ${modern}`, () => {
        assert.equal(compared(legacy, modern, [rule]).outcome, 'mismatch')
      })
  }

  it('says that the shape changed where a rule covers the value', () => {
    const { differences } = compared('{"a":1767323045123}', '{"a":1767323045}', [{ ignore: '/a' }])
    assert.deepEqual(
      differences.map(({ kind }) => kind),
      ['shape'],
    )
  })

  it('expects a number beyond doubles where its digits are text', () => {
    const [legacy, modern] = ['{"id":9007199254740993}', '{"id":9007199254740992}']
    const outcome = (from: string, to: string) =>
      compared(legacy, modern, [
        { expect: '/id', legacy: { number: from }, modern: { number: to } },
      ]).outcome
    assert.equal(outcome('9007199254740993', '9007199254740992'), 'equivalent')
    assert.equal(outcome('9007199254740992', '9007199254740992'), 'mismatch')
  })

  it('holds a rule only where and as long as it says', () => {
    const outcome = (rule: object, route = 'articles.get') =>
      compared('{"a":1}', '{"a":2}', [{ ignore: '/a', ...rule }], route).outcome
    assert.equal(outcome({ when: { route: 'articles.get', status: ['2xx', 404] } }), 'equivalent')
    assert.equal(outcome({ when: { route: 'articles.list' } }), 'mismatch')
    assert.equal(outcome({ when: { status: 500 } }), 'mismatch')
    assert.equal(outcome({ when: { type: 'text/html' } }), 'mismatch')
    assert.equal(outcome({ expires: '2026-06-15' }), 'equivalent')
    assert.equal(outcome({ expires: '2026-06-14' }), 'mismatch')
  })

  for (const name of rulesetNames)
    it(`ships ${name} without a fault`, () => {
      const ids = builtInRules(name)?.map(({ id }) => id)
      assert.deepEqual(ids?.at(-1), `${name}#${ids?.length}`)
    })

  it('has no ruleset named like a method of objects', () => {
    assert.equal(builtInRules('constructor'), null)
  })
})

describe('a path that a comparison prints', () => {
  const names = ['a]b', ']', '[x]', 'a/b', '~4', '~', '*', 'a=b', '', '[id=7]']

  for (const id of names)
    it(`is a rule about the element whose id is ${JSON.stringify(id)}, and no other`, () => {
      const rows = (v: number) => [
        { id, v },
        { id: 'other', v },
      ]
      const [legacy, modern] = [JSON.stringify(rows(1)), JSON.stringify(rows(2))]
      const paths = (rules: readonly object[]) =>
        compared(legacy, modern, rules).differences.map(({ path }) => path)
      const [printed = '', other] = paths([])
      assert.deepEqual(paths([{ ignore: printed }]), [other])
    })

  for (const name of names)
    it(`is a rule about the member ${JSON.stringify(name)}`, () => {
      const [legacy, modern] = [JSON.stringify({ [name]: 1 }), JSON.stringify({ [name]: 2 })]
      const [{ path = '' } = {}] = compared(legacy, modern, []).differences
      assert.deepEqual(compared(legacy, modern, [{ ignore: path }]).differences, [])
    })
})

describe('a path with many **', () => {
  it('is matched in the time of its length', () => {
    const pattern = parsePattern(`${'/**/a'.repeat(40)}/b`)
    assert.ok(typeof pattern !== 'string')
    const steps = Array.from({ length: 500 }, () => 'a')
    assert.equal(matchesPlace(pattern, 'body', steps, true), false)
    assert.equal(matchesPlace(pattern, 'body', [...steps, 'b'], false), true)
  })
})
