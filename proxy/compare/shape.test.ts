import assert from 'node:assert/strict'
import { instantOf } from './instant.ts'
import { type JsonValue, jsonNumber } from './json.ts'
import { isNoise, type NoisyPlace } from './noise.ts'
import { fitsShape, joinShapes, learnShape, type ShapeName, sameShape, shapeOf } from './shape.ts'

const names: [JsonValue, ShapeName][] = [
  ['11111111-1111-4111-8111-111111111111', 'uuid'],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ulid'],
  ['eyJhbGciOi.eyJzdWIiOi.c2ln', 'jwt'],
  ['<p>one <b>two</b></p>\n', 'markup'],
  ['<3 you', 'text'],
  ['&lt;p&gt;one&lt;/p&gt;', 'text'],
  ['2026-01-02T03:04:05Z', 'time'],
  ['2026-01-02', 'date'],
  ['a@b.example', 'email'],
  ['192.0.2.1', 'ip'],
  ['2001:db8::1', 'ip'],
  ['https://a.example/b', 'url'],
  ['/a/b', 'url'],
  ['/m2jizpNi0jPiC7jQ4EXl/w3kEmoEza7/zZoyeAHNXg=', 'word'],
  ['/a/b?c=', 'url'],
  ['d41d8cd98f00b204e9800998ecf8427e', 'hex'],
  ['12345', 'digits'],
  ['word', 'word'],
  ['two words', 'text'],
  ['', 'empty'],
  [jsonNumber('1767323045'), 'epochSeconds'],
  [jsonNumber('1767323045123'), 'epochMilliseconds'],
  [jsonNumber('7'), 'integer'],
  [jsonNumber('7.5'), 'number'],
  [null, 'null'],
  [true, 'boolean'],
  [[], 'array'],
]

/** What a changing value may and may not become. */
const changes: [JsonValue, JsonValue, boolean][] = [
  ['abc', 'abd efg', true],
  [jsonNumber('1'), jsonNumber('1.5'), true],
  ['11111111-1111-4111-8111-111111111111', '11111111-1111-7111-8111-111111111111', false],
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.123Z', false],
  ['2026-01-02T03:04:05Z', '2026-01-02 03:04:05', false],
  [jsonNumber('1767323045'), jsonNumber('1767323045123'), false],
  ['DdmZC4+Gkc1IjM7IneTLvg==', '/jizpNi0jPiC7jQ4EXl/w3==', true],
  ['3f2a91c077e01b2d', '4127980055120934', true],
  ['3f2a91c077e01b2d', '412798005512093', false],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'Z1ARZ3NDEKTSV4RRFFQ69G5FAV', true],
  ['m2jizpNi0jPiC7jQ4EXlw3kEmoEza7zZ', '/2jizpNi0jPiC7jQ4EXlw3kEmoEza7zZ', true],
  ['m2jizpNi0jPiC7jQ4EXlw3kEmoEza7zZ', '/assets/logo.png', false],
  ['abc', '', false],
  ['<p>one</p>', '<p>two</p>', true],
  ['<p>one</p>', '&lt;p&gt;one&lt;/p&gt;', false],
  ['192.0.2.1', '192.0.2.2', true],
  ['192.0.2.1', '2001:db8::1', false],
  ['https://a.example/1', 'https://a.example/2', true],
  ['https://a.example/1', '/1', false],
  ['abc', 'a@b.example', false],
]

describe('shapes', () => {
  for (const [value, name] of names)
    it(`takes ${JSON.stringify(value)} for ${name}`, () => {
      assert.equal(shapeOf(value).name, name)
    })

  for (const [legacy, modern, may] of changes)
    it(`lets ${JSON.stringify(legacy)} ${may ? '' : 'not '}become ${JSON.stringify(modern)}`, () => {
      assert.equal(sameShape(legacy, modern), may)
    })

  it('widens only as far as values differ', () => {
    const uuid = shapeOf('11111111-1111-4111-8111-111111111111')
    const other = shapeOf('11111111-1111-7111-8111-111111111111')
    assert.deepEqual(joinShapes(uuid, other), { name: 'uuid', detail: null, values: null })
    assert.equal(joinShapes(uuid, shapeOf('x')).name, 'text')
    assert.equal(joinShapes(uuid, shapeOf(null)).name, 'any')
    assert.equal(
      joinShapes(shapeOf(jsonNumber('1')), shapeOf(jsonNumber('1767323045'))).name,
      'integer',
    )
  })

  it('learns that a place has only a few values once it has seen enough', () => {
    const states = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 'open' : 'shut'))
    assert.ok(fitsShape(learnShape(states), 'open'))
    assert.ok(!fitsShape(learnShape(states), 'ajar'))
    assert.ok(fitsShape(learnShape(states.slice(0, 5)), 'ajar'))
  })
})

describe('noise', () => {
  const place = (shape: NoisyPlace['shape']): NoisyPlace[] => [
    { pattern: '/at', kind: 'value', shape, spreadMs: 1_000 },
  ]
  const shape = learnShape(['2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z'])
  const isNoisy = (modern: JsonValue, pattern = '/at'): boolean =>
    isNoise(
      place(shape),
      { path: pattern, pattern },
      { kind: 'value', legacy: '2026-01-02T03:04:05Z', modern },
    )

  it('takes a time near legacy’s for noise, not one of another hour or another form', () => {
    assert.ok(isNoisy('2026-01-02T03:04:07Z'))
    assert.ok(!isNoisy('2026-01-02T05:04:05Z'))
    assert.ok(!isNoisy('2026-01-02T03:04:07.000Z'))
  })

  it('never excuses another place, another kind, or a value whose shape was not learned', () => {
    const at = '2026-01-02T03:04:05Z'
    assert.ok(!isNoisy(at, '/items/*/at'))
    assert.ok(
      !isNoise(
        place(shape),
        { path: '/at', pattern: '/at' },
        { kind: 'missing', legacy: at, modern: undefined },
      ),
    )
    assert.ok(
      !isNoise(
        place(shape),
        { path: '/at', pattern: '/at' },
        { kind: 'type', legacy: at, modern: null },
      ),
    )
    assert.ok(
      !isNoise(
        place(null),
        { path: '/at', pattern: '/at' },
        { kind: 'value', legacy: at, modern: at },
      ),
    )
  })
})

describe('instantOf', () => {
  const same = [
    '2026-01-02T03:04:05Z',
    '2026-01-02 03:04:05',
    '2026-01-02 03:04:05 UTC',
    '2026-01-02T05:04:05+02:00',
    '2026-01-02T03:04:05.000000+0000',
    'Fri, 02 Jan 2026 03:04:05 GMT',
  ]
  for (const text of same)
    it(`reads ${text}`, () => {
      assert.equal(instantOf(text)?.ms, 1_767_323_045_000)
    })

  for (const text of [
    '2026-02-30T00:00:00Z',
    '2026-01-02T25:00:00Z',
    '2026-01-02',
    'yesterday',
    '0000-00-00 00:00:00',
  ])
    it(`takes ${text} for no time`, () => {
      assert.equal(instantOf(text), null)
    })
})
