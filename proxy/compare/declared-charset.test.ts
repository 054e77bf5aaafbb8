import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { compare } from './compare.ts'
import { declaredCharset } from './declared-charset.ts'
import type { BodyKind } from './media-type.ts'
import { observed } from './observed.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [BodyKind | null, string, string | null])[] = [
  ['html', '<meta charset=iso-8859-1>',                                                      'iso-8859-1'],
  ['html', '<!doctype html><html><head><META  name=a charset = "windows-1251" >',            'windows-1251'],
  ['html', '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15">',      'iso-8859-15'],
  ['html', '<meta charset=utf-16>',                                                          null],
  ['html', '<meta charset=utf8mb4>',                                                         null],
  ['html', '<p>charset=latin1',                                                              null],
  ['html', `${' '.repeat(1_024)}<meta charset=latin1>`,                                      null],
  ['xml',  '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',                                'ISO-8859-1'],
  ['xml',  "<?xml version='1.0' encoding='koi8-r' standalone='yes'?><a/>",                   'koi8-r'],
  ['xml',  '<a encoding="latin1"/>',                                                         null],
  ['json', '"<meta charset=latin1>"',                                                        null],
  [null,   '<meta charset=latin1>',                                                          null],
]

const answer = (from: 'legacy' | 'modern', type: string, body: Uint8Array) =>
  observed(from, { headers: ['Content-Type', type], body })

describe('declaredCharset', () => {
  for (const [kind, text, expected] of cases)
    it(`finds ${expected ?? 'none'} in ${kind ?? 'anything'}: ${text.trim().slice(0, 60)}`, () => {
      assert.equal(declaredCharset(Buffer.from(text), kind), expected)
    })

  it('lets old documents be compared with their rewrites', () => {
    const old = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', 'latin1')
    const outcome = (body: string, type = 'text/xml'): string =>
      compare(answer('legacy', type, old), answer('modern', type, Buffer.from(body))).outcome
    assert.deepEqual(
      [outcome('<a>é</a>'), outcome('<a>è</a>'), outcome('<a>é</a>', 'text/xml; charset=utf-8')],
      ['equivalent', 'mismatch', 'mismatch'],
    )
  })
})
