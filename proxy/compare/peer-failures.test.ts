import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { failure } from '../targets/failure.ts'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

const json = ['Content-Type', 'application/json']

const compared = (legacy: unknown, modern: unknown, rules: readonly object[] = []): Comparison =>
  compare(
    observed('legacy', { headers: json, body: JSON.stringify(legacy) }),
    observed('modern', { headers: json, body: JSON.stringify(modern) }),
    parseRules(
      rules.map((rule) => ({ why: 'a test', ...rule })),
      'test',
    ).rules,
  )

const kinds = ({ differences }: Comparison): string[] => differences.map(({ kind }) => kind)

describe('what other comparers get wrong', () => {
  it('Diffy HEAD cannot tell a reordered list from an equal one', () => {
    assert.deepEqual(kinds(compared([1, 2, 3], [3, 2, 1])), ['order'])
    assert.deepEqual(kinds(compared([1, 2, 3], [1, 2, 3])), [])
  })

  it('Diffy leaves a shadow that failed out of its counts', () => {
    const shadow = {
      ...observed('modern'),
      failure: failure('handler_failed', 'modern', 'unknown'),
    }
    assert.equal(compare(observed('legacy'), shadow).outcome, 'shadow_error')
  })

  it('Diffy splits headers at commas, and so breaks dates and cookies', () => {
    const cookie = 'a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT'
    const head = (value: string): string[] => ['Set-Cookie', value, 'Set-Cookie', 'b=1,2']
    const { differences } = compare(
      observed('legacy', { headers: head(cookie) }),
      observed('modern', { headers: head(cookie.replace('2026', '2027')) }),
    )
    assert.deepEqual(
      differences.map(({ path }) => path),
      ['header:set-cookie/a/lifetime'],
    )
  })

  it('Diffy masks a field that always differs; a change of its shape still shows', () => {
    const rules = [{ ignore: '/at' }]
    assert.equal(
      compared({ at: 1767323045123 }, { at: 1767323049999 }, rules).outcome,
      'equivalent',
    )
    assert.deepEqual(kinds(compared({ at: 1767323045123 }, { at: 1767323045 }, rules)), ['shape'])
    assert.deepEqual(kinds(compared({ at: 1767323045123 }, { at: null }, rules)), ['type'])
  })

  it('Diffy and Keploy read numbers as doubles', () => {
    const sides = ['9007199254740993', '9007199254740992'].map((body) =>
      observed('legacy', { headers: json, body }),
    )
    assert.deepEqual(kinds(compare(sides[0]!, sides[1]!)), ['precision'])
  })

  it('opendiffy shows values under the wrong side once roles are swapped', () => {
    const legacy = observed('legacy', { headers: json, body: '["old"]' })
    const modern = observed('modern', { headers: json, body: '["new"]' })
    for (const { differences } of [compare(legacy, modern), compare(modern, legacy)])
      assert.deepEqual([differences[0]?.legacy, differences[0]?.modern], ['"old"', '"new"'])
  })

  it('opendiffy cannot read gzip, and corrupts what is binary', () => {
    const zipped = [...json, 'Content-Encoding', 'gzip']
    const side = (from: 'legacy' | 'modern', level: number) =>
      observed(from, { headers: zipped, body: gzipSync('{"a":1}', { level }) })
    assert.notEqual(compare(side('legacy', 0), side('modern', 9)).outcome, 'mismatch')
    const image = (byte: number) =>
      observed('legacy', {
        headers: ['Content-Type', 'image/png'],
        body: Buffer.from([0xff, byte]),
      })
    assert.equal(compare(image(0xfe), image(0xfd)).outcome, 'mismatch')
  })

  it('opendiffy throws on forms', () => {
    const form = ['Content-Type', 'application/x-www-form-urlencoded']
    const { differences } = compare(
      observed('legacy', { headers: form, body: 'a=1&b=%' }),
      observed('modern', { headers: form, body: 'a=2&b=%' }),
    )
    assert.deepEqual(
      differences.map(({ path }) => path),
      ['/a'],
    )
  })

  it('Diffy counts one path for each key of a map; ours has a pattern', () => {
    const people = (age: number) =>
      Object.fromEntries([...'abc'].map((id, at) => [`${at}${id}`, { age }]))
    const patterns = compared(people(1), people(2)).differences.map(({ pattern }) => pattern)
    assert.deepEqual(new Set(patterns), new Set(['/*/age']))
  })

  it('Keploy takes a rule about "date" for one about "updateDate"', () => {
    assert.equal(
      compared({ updateDate: 'a' }, { updateDate: 'b' }, [{ ignore: '/date' }]).outcome,
      'mismatch',
    )
  })

  it('Keploy pairs elements greedily and by place', () => {
    const rows = [1, 2, 3, 4].map((id) => ({ id, name: `n${id}` }))
    const { differences } = compared(rows, [{ id: 0, name: 'n0' }, ...rows])
    assert.deepEqual(
      differences.map(({ kind, path }) => `${kind} ${path}`),
      ['extra /[id=0]'],
    )
  })

  it('Hoverfly does not see what modern has beyond legacy, and panics on a list at the root', () => {
    assert.deepEqual(kinds(compared({ a: 1 }, { a: 1, b: 2 })), ['extra'])
    assert.deepEqual(kinds(compared([1], [2])), ['value'])
  })

  it('Hoverfly changes quotes and backslashes before it compares', () => {
    assert.deepEqual(kinds(compared({ a: "it's" }, { a: 'its' })), ['value'])
    assert.deepEqual(kinds(compared({ a: 'a\\b' }, { a: 'ab' })), ['value'])
  })

  it('tzientist calls every two objects different', () => {
    assert.equal(compared({ a: { b: [] } }, { a: { b: [] } }).outcome, 'identical')
  })

  it('AREX and GoReplay let ids differ only where each is listed; one renaming serves all of them', () => {
    const answer = (id: number, uid = id) => ({ id, self: `/u/${id}`, items: [{ uid }] })
    const rules = [{ identity: '/**/id' }, { identity: '/**/uid' }]
    assert.equal(compared(answer(7), answer(9), rules).outcome, 'equivalent')
    assert.deepEqual(kinds(compared(answer(7), answer(9, 8), rules)), ['identity'])
  })
})
