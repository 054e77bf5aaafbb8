import assert from 'node:assert/strict'
import { announcedKind, type BodyKind, charsetName, parseMediaType } from './media-type.ts'

const kinds: [string, BodyKind | null][] = [
  ['application/json', 'json'],
  ['Application/JSON; charset=utf-8', 'json'],
  ['application/vnd.api+json', 'json'],
  ['application/problem+json', 'json'],
  ['application/x-ndjson', 'jsonLines'],
  ['text/html;charset=UTF-8', 'html'],
  ['application/rss+xml', 'xml'],
  ['image/svg+xml', 'xml'],
  ['application/x-www-form-urlencoded', 'form'],
  ['text/csv', 'text'],
  ['text/event-stream', 'text'],
  ['image/png', 'binary'],
  ['constructor/prototype', 'binary'],
  ['nonsense', null],
  ['', null],
]

describe('media types', () => {
  for (const [value, kind] of kinds) {
    it(`compares ${JSON.stringify(value)} as ${kind ?? 'whatever it looks like'}`, () => {
      assert.equal(announcedKind(parseMediaType(value)), kind)
    })
  }

  it('reads parameters in any case, quoted or not, the first of a name', () => {
    const type = parseMediaType('text/plain; Charset="utf-8"; format=flowed; charset=x; q="a\\"b"')
    assert.deepEqual(
      [...(type?.parameters ?? [])],
      [
        ['charset', 'utf-8'],
        ['format', 'flowed'],
        ['q', 'a"b'],
      ],
    )
  })

  it('knows that utf8 and UTF-8 are one charset', () => {
    assert.equal(charsetName('utf8'), charsetName('UTF-8'))
    assert.equal(charsetName('latin1'), charsetName('ISO-8859-1'))
    assert.equal(charsetName('Klingon'), 'klingon')
  })
})
