import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'

interface Part {
  readonly head: readonly string[]
  readonly body: string | Uint8Array
}

const bodyOf = (boundary: string, parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ head, body }) => [
      Buffer.from(`--${boundary}\r\n${head.map((line) => `${line}\r\n`).join('')}\r\n`),
      Buffer.from(body as string),
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ])

const sent = (
  from: 'legacy' | 'modern',
  boundary: string,
  body: string | Uint8Array,
  type = 'form-data',
) =>
  observed(from, { headers: ['Content-Type', `multipart/${type}; boundary="${boundary}"`], body })

const field = (name: string, body: string | Uint8Array, ...more: string[]): Part => ({
  head: [`Content-Disposition: form-data; name="${name}"`, ...more],
  body,
})

const compared = (
  legacy: readonly Part[],
  modern: readonly Part[],
  type = 'form-data',
): Comparison =>
  compare(
    sent('legacy', '----one', bodyOf('----one', legacy), type),
    sent('modern', 'two=2', bodyOf('two=2', modern), type),
  )

const said = ({ outcome, differences }: Comparison): string =>
  [outcome, ...differences.map(({ kind, path }) => `${kind} ${path}`)].join(', ')

const png = 'Content-Type: image/png'
const json = 'Content-Type: application/json'
const file = (name: string): Part => ({
  head: [`Content-Disposition: form-data; name="f"; filename="${name}"`, png],
  body: Buffer.from([137, 80, 13, 10, 45, 45, 255]),
})

// biome-ignore format: a table reads best as a table
const cases: [string, readonly Part[], readonly Part[], string][] = [
  ['another boundary alone',      [field('a', '1'), file('x.png')], [field('a', '1'), file('x.png')], 'equivalent'],
  ['another order of fields',     [field('a', '1'), field('b', '2')], [field('b', '2'), field('a', '1')], 'equivalent'],
  ['another text',                [field('a', '1')], [field('a', '2')],                    'mismatch, value /a/content'],
  ['a field that is missing',     [field('a', '1'), field('b', '2')], [field('a', '1')],   'mismatch, missing /b'],
  ['another name of a file',      [file('x.png')], [file('y.png')],                        'mismatch, value /f/filename'],
  ['another type',                [field('a', '1', png)], [field('a', '1', 'Content-Type: image/gif')], 'mismatch, value /a/type'],
  ['other bytes',                 [field('a', Buffer.from([255, 0]), png)], [field('a', Buffer.from([255, 1]), png)], 'mismatch, value /a/content'],
  ['JSON laid out otherwise',     [field('a', '{"x": 1}', json)], [field('a', '{"x":1}', json)], 'equivalent'],
  ['other JSON',                  [field('a', '{"x":1}', json)], [field('a', '{"x":null}', json)], 'mismatch, type /a/content/x'],
  ['a name that comes twice',     [field('a', '1'), field('a', '2')], [field('a', '2'), field('a', '1')], 'mismatch, order /a'],
  ['what looks like a delimiter', [field('a', '\r\n----onesie')], [field('a', '\r\n----onesie')], 'equivalent'],
  ['nothing between the lines',   [field('a', '')], [field('a', '')],                      'equivalent'],
]

describe('multipart bodies', () => {
  for (const [what, legacy, modern, expected] of cases)
    it(`says "${expected}" of ${what}`, () => {
      assert.equal(said(compared(legacy, modern)), expected)
    })

  it('compares parts without names in their order', () => {
    const parts = ['a', 'b'].map((body): Part => ({ head: [], body }))
    assert.equal(said(compared(parts, parts, 'mixed')), 'equivalent')
    assert.match(said(compared(parts, parts.slice(0, 1), 'mixed')), /^mismatch, missing \/1/)
  })

  it('tells of a body that has not the parts it says', () => {
    const good = sent('legacy', 'x', bodyOf('x', [field('a', '1')]))
    for (const body of ['', 'nothing', '--x\r\nno end', '--x\r\nA: b\r\n\r\ncut off'])
      assert.equal(said(compare(good, sent('modern', 'x', body))), 'mismatch, unreadable ')
  })

  it('compares by hash what neither side can be read of', () => {
    assert.equal(
      said(compare(sent('legacy', 'x', 'a'), sent('modern', 'x', 'b'))),
      'mismatch, value ',
    )
  })
})
