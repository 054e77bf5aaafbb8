import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { type Comparison, compare } from './compare.ts'
import { observed, type PlainAnswer } from './observed.ts'
import { parseRules } from './rules.ts'
import { builtInRules } from './rulesets.ts'

const typed = (type: string, body: string | Uint8Array, more: string[] = []): PlainAnswer => ({
  headers: ['Content-Type', type, ...more],
  body,
})
const json = (value: unknown): PlainAnswer => typed('application/json', JSON.stringify(value))

const compared = (
  legacy: PlainAnswer,
  modern: PlainAnswer,
  written: readonly object[] = [],
): Comparison =>
  compare(
    observed('legacy', legacy),
    observed('modern', modern),
    parseRules(
      written.map((rule) => ({ why: 'a test', ...rule })),
      'test',
    ).rules,
  )

const told = ({ differences }: Comparison): string[] =>
  differences.map(({ kind, path }) => `${kind} ${path}`)

/** One answer of a target that may send anything. */
interface Side {
  readonly type: string
  readonly charset: string
  readonly coding: string
  readonly body: string | Uint8Array
}

const rows = (count: number): object[] =>
  Array.from({ length: count }, (_, id) => ({ id, name: `n${id}`, price: id }))

describe('what users of comparers ask for', () => {
  it('the differences themselves, with both values, where there were only counts', () => {
    const { differences } = compared(json({ a: { b: [1] } }), json({ a: { b: [2] } }))
    assert.deepEqual(
      differences.map(({ path, legacy, modern }) => [path, legacy, modern]),
      [['/a/b/0', '1', '2']],
    )
  })

  it('a report that noise does not fill: 500 differences, and the count of the rest', () => {
    const many = (value: number) => json(rows(5_000).map((row) => ({ ...row, price: value })))
    const { differences, omitted } = compared(many(-1), many(-2))
    assert.deepEqual([differences.length, omitted], [500, 4_500])
    const longest = Math.max(...differences.map(({ legacy }) => legacy?.length ?? 0))
    assert.ok(longest <= 256)
  })

  it('one pattern for a place that is in every row, so that a count means something', () => {
    const other = rows(50).map((row) => ({ ...row, price: -1 }))
    const patterns = compared(json(rows(50)), json(other)).differences.map(({ pattern }) => pattern)
    assert.deepEqual([...new Set(patterns)], ['/*/price'])
  })

  it('one finding for a row that was inserted, not one for every row below', () => {
    const inserted = [{ id: -1, name: 'new', price: 0 }, ...rows(59)]
    assert.deepEqual(told(compared(json(rows(59)), json(inserted))), ['extra /[id=-1]'])
  })

  it('no finding at all for rows whose order means nothing, where a rule says so', () => {
    const shuffled = rows(60).map((_, at) => rows(60)[(at * 7) % 60])
    const rule = [{ order: '', is: 'ignored' }]
    assert.deepEqual(told(compared(json(rows(60)), json(shuffled))), ['order '])
    assert.equal(compared(json(rows(60)), json(shuffled), rule).outcome, 'equivalent')
  })

  it('elements of scalars that repeat are counted, not matched as a set', () => {
    assert.deepEqual(told(compared(json([1, 1, 2]), json([1, 2]))), ['missing /1'])
  })

  it('a null, an absent and an empty value are three, unless a rule about this place says otherwise', () => {
    const shapes = [{ a: null }, {}, { a: '' }, { a: [] }]
    for (const one of shapes)
      for (const other of shapes)
        assert.equal(
          compared(json(one), json(other)).outcome === 'mismatch',
          one !== other,
          `${JSON.stringify([one, other])}`,
        )
  })

  it('an answer of 500 beside one of 200 is breaking, whatever the bodies are', () => {
    const { outcome, severity } = compared({ status: 200 }, { status: 500 })
    assert.deepEqual([outcome, severity], ['mismatch', 'breaking'])
  })

  it('what was matched, what a rule excused and what was identical are told apart', () => {
    const rule = [{ ignore: '/a' }]
    const outcomes = [json({ a: 1 }), json({ a: 2 }), typed('application/json', '{ "a": 1 }')].map(
      (modern) => compared(json({ a: 1 }), modern, rule),
    )
    assert.deepEqual(
      outcomes.map(({ outcome, excused }) => `${outcome} ${excused.length}`),
      ['identical 0', 'equivalent 1', 'equivalent 0'],
    )
  })

  for (const [coding, compress] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ] as const)
    it(`a body in ${coding} is compared by what is in it`, () => {
      const coded = (text: string) =>
        typed('application/json', compress(text), ['Content-Encoding', coding])
      assert.deepEqual(told(compared(coded('{"a":1}'), json({ a: 2 }))), ['value /a'])
      assert.equal(compared(coded('{"a":1}'), json({ a: 1 })).outcome, 'equivalent')
    })

  it('a picture that differs in one byte differs', () => {
    const picture = (last: number) => typed('image/png', Buffer.from([0x89, 0x50, 0xff, last]))
    assert.equal(compared(picture(1), picture(1)).outcome, 'identical')
    assert.deepEqual(told(compared(picture(1), picture(2))), ['value '])
  })

  it('a multipart answer is compared by its parts, whatever its boundary', () => {
    const parts = (boundary: string, text: string) =>
      typed(
        `multipart/form-data; boundary=${boundary}`,
        `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n${text}\r\n--${boundary}--\r\n`,
      )
    assert.equal(compared(parts('x', '1'), parts('y', '1')).outcome, 'equivalent')
    assert.deepEqual(told(compared(parts('x', '1'), parts('y', '2'))), ['value /a/content'])
  })

  it('sessions and tokens differ as their rulesets know, and only so', () => {
    const page = (token: string, price: number) =>
      typed('text/html', `<input name="_token" value="${token}"><b>${price}</b>`, [
        ...['Set-Cookie', `PHPSESSID=${token}; path=/`],
      ])
    const judged = (modern: PlainAnswer) =>
      compare(
        observed('legacy', page('a1b2c3', 7)),
        observed('modern', modern),
        builtInRules('php') ?? [],
      )
    assert.equal(judged(page('d4e5f6', 7)).outcome, 'equivalent')
    assert.deepEqual(told(judged(page('d4e5f6', 8))), ['value /html[1]/body[1]/b[1]/#text[1]'])
  })

  it('an accepted repair of a fault is one change, not a licence', () => {
    const rule = [{ expect: '/name', legacy: 'Teh', modern: 'The' }]
    assert.equal(compared(json({ name: 'Teh' }), json({ name: 'The' }), rule).outcome, 'equivalent')
    assert.equal(compared(json({ name: 'Teh' }), json({ name: '' }), rule).outcome, 'mismatch')
  })

  it('whatever bytes come, in whatever type and coding, nothing throws', () => {
    const types = ['application/json', 'text/html', 'text/xml', 'text/plain', 'image/png', 'x']
    const more = ['multipart/mixed; boundary=a', 'application/x-www-form-urlencoded', '']
    const side: fc.Arbitrary<Side> = fc.record({
      type: fc.constantFrom(...types, ...more),
      charset: fc.constantFrom('', '; charset=utf-16', '; charset=nope', '; charset=shift_jis'),
      coding: fc.constantFrom('', 'gzip', 'br', 'deflate, gzip', 'zip'),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.constantFrom('<a b', '{"a":', '--a\r\n\r\n--a--', '\ufeff[1e999]', '<!--', '&#x110000;'),
      ),
    })
    const answer = ({ type, charset, coding, body }: Side) =>
      typed(`${type}${charset}`, body, ['Content-Encoding', coding, 'Set-Cookie', `${type}=;;=`])
    fc.assert(
      fc.property(side, side, (legacy, modern) => {
        assert.ok(compared(answer(legacy), answer(modern)).outcome)
      }),
      { numRuns: 2_000, seed: 5 },
    )
  }).timeout(30_000)
})
