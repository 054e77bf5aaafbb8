import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'
import { placesOf } from './places.ts'
import { lintRules } from './rule-lint.ts'
import { parseRules } from './rules.ts'

const headers = ['Content-Type', 'application/json']

const rulesFrom = (written: readonly object[]) =>
  parseRules(
    written.map((rule) => ({ why: 'a test', ...rule })),
    'test',
  )

const compared = (
  legacy: unknown,
  modern: unknown,
  written: readonly object[] = [],
): Comparison => {
  const { rules, problems } = rulesFrom(written)
  assert.deepEqual(problems, [])
  return compare(
    observed('legacy', { headers, body: JSON.stringify(legacy) }),
    observed('modern', { headers, body: JSON.stringify(modern) }),
    rules,
  )
}

const kinds = ({ differences }: Comparison): string[] => differences.map(({ kind }) => kind)

/** Neighbours that rules by substring silence: a name, and another one that contains it. */
const neighbours: readonly (readonly [string, string])[] = [
  ['date', 'updateDate'],
  ['date', 'consolidatedId'],
  ['id', 'width'],
  ['at', 'status'],
  ['name', 'rename'],
]

/** Dialects in which rules elsewhere match nothing, and nobody says so. */
const dialects = ['$.items[*].at', 'items.0.at', 'body.at', '#/at', 'at', '/items/[*]/at', '/a[']

describe('what Keploy’s rules get wrong', () => {
  for (const [name, longer] of neighbours)
    it(`a rule for ${name} does not reach ${longer}, in bodies and in heads`, () => {
      const found = compared({ [longer]: 1 }, { [longer]: 2 }, [{ ignore: `/**/${name}` }])
      assert.deepEqual(kinds(found), ['value'])
      const head = (value: string) => observed('legacy', { headers: [`X-${longer}`, value] })
      const { rules } = rulesFrom([{ ignore: `header:${name}` }, { ignore: `header:x-${name}` }])
      assert.equal(compare(head('1'), head('2'), rules).outcome, 'mismatch')
    })

  for (const path of dialects)
    it(`a path in another dialect is refused with the way out: ${path}`, () => {
      const [problem] = rulesFrom([{ ignore: path }]).problems
      assert.match(problem?.message ?? '', /write|neither/)
    })

  it('a path by index holds, and the linter warns of it', () => {
    const rows = (at: number) => ({ items: [{ id: 1, at }] })
    const rule = [{ ignore: '/items/0/at' }]
    assert.equal(compared(rows(1), rows(2), rule).outcome, 'equivalent')
    const uses = { uses: new Map(), places: ['/items/*/at'], today: '2026-01-01' }
    const [lint] = lintRules({ rules: rulesFrom(rule).rules, ...uses })
    assert.equal(lint?.finding, 'index')
  })

  it('a path that matches nothing is found by the linter', () => {
    const places = placesOf([])
    const { rules } = rulesFrom([{ ignore: '/items/at' }])
    const found = lintRules({
      ...{ rules, uses: new Map(), today: '2026-01-01' },
      places: [...places, '/items/*/at'],
    })
    assert.deepEqual(
      found.map(({ finding }) => finding),
      ['unmatched'],
    )
  })

  it('the same rule is named each time, in whatever order members come', () => {
    const rules = [{ ignore: '/**' }, { ignore: '/b' }, { number: '/a', abs: 9 }]
    const named = (legacy: unknown, modern: unknown): string[] =>
      compared(legacy, modern, rules).excused.map(({ path, rule }) => `${path} ${rule}`)
    const expected = ['/a test#1', '/b test#1']
    for (let at = 0; at < 20; at++) {
      assert.deepEqual(named({ a: 1, b: 1 }, { b: 2, a: 2 }).sort(), expected)
      assert.deepEqual(named({ b: 1, a: 1 }, { a: 2, b: 2 }).sort(), expected)
    }
  })

  it('a rule with a condition holds only where the condition does', () => {
    const rule = [{ shape: '/id', is: 'uuid' }]
    const uuid = (last: number) => ({ id: `11111111-1111-4111-8111-11111111111${last}` })
    assert.equal(compared(uuid(1), uuid(2), rule).outcome, 'equivalent')
    assert.deepEqual(kinds(compared(uuid(1), { id: 'none' }, rule)), ['value'])
    assert.deepEqual(kinds(compared({ id: 'none' }, uuid(2), rule)), ['value'])
    assert.deepEqual(kinds(compared(uuid(1), { id: null }, rule)), ['type'])
  })

  it('a rule for a value excuses no structure, no length of a list and not the root', () => {
    const rule = [{ ignore: '/**' }]
    assert.deepEqual(kinds(compared({ a: [1] }, { a: [1, 2] }, rule)), ['extra'])
    assert.deepEqual(kinds(compared({ a: {} }, { a: [] }, rule)), ['type'])
    assert.deepEqual(kinds(compared({ a: 1 }, [1], rule)), ['type'])
    assert.deepEqual(kinds(compared({ a: { b: 1 } }, { a: {} }, rule)), ['missing'])
  })

  it('noise of one path does not cover its neighbour', () => {
    const noise = [
      {
        ...({ pattern: '/meta/at', kind: 'value', spreadMs: 0 } as const),
        shape: { name: 'integer', detail: null, values: null } as const,
      },
    ]
    const answer = (at: number, total: number) =>
      observed('legacy', { headers, body: JSON.stringify({ meta: { at, total } }) })
    const found = compare(answer(1, 1), answer(2, 2), [], { noise })
    assert.deepEqual([found.noise.length, found.differences[0]?.path], [1, '/meta/total'])
  })

  it('another length is forgiven only with the same body', () => {
    const answer = (length: number, body: string) =>
      observed('legacy', { headers: [...headers, 'Content-Length', `${length}`], body })
    assert.equal(compare(answer(7, '{"a":1}'), answer(8, '{ "a":1}')).outcome, 'equivalent')
    assert.equal(compare(answer(7, '{"a":1}'), answer(8, '{"a":12}')).outcome, 'mismatch')
  })

  // biome-ignore format: a table reads best as a table
  const risks: readonly (readonly [string, unknown, unknown, string])[] = [
    ['a field that is gone', { a: 1 }, {}, 'breaking'],
    ['another type',         { a: 1 }, { a: '1' }, 'breaking'],
    ['another value',        { a: 1 }, { a: 2 }, 'major'],
    ['a field that is new',  {}, { a: 1 }, 'minor'],
    ['another order',        [1, 2], [2, 1], 'info'],
  ]
  for (const [what, legacy, modern, severity] of risks)
    it(`${what} is ${severity}`, () => {
      assert.equal(compared(legacy, modern).severity, severity)
    })
})
