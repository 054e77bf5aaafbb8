import assert from 'node:assert/strict'
import { compare } from './compare.ts'
import { observed } from './observed.ts'

const found = (name: string, legacy: string, modern: string): string[] =>
  compare(
    observed('legacy', { headers: [name, legacy] }),
    observed('modern', { headers: [name, modern] }),
  ).differences.map(({ path, kind }) => `${kind} ${path}`)

/** A field and two spellings of one value. */
// biome-ignore format: a table reads best as a table
const same: readonly (readonly [string, string, string])[] = [
  ['Strict-Transport-Security', 'max-age=1;includeSubDomains',                'max-age=1; includeSubDomains'],
  ['Strict-Transport-Security', 'max-age="1" ; preload;',                     'max-age=1;preload'],
  ['Content-Security-Policy',   "default-src 'self'; img-src  * data:",       "default-src 'self';img-src * data:;"],
  ['Content-Security-Policy',   "script-src 'self' , img-src *",              "script-src 'self';, img-src *;"],
  ['Content-Security-Policy-Report-Only', 'img-src *;',                       'img-src *'],
  ['Link',                      '</a>; rel=next, </b>; rel="prev"',           '</b>;rel=prev,</a>;rel="next"'],
  ['Content-Disposition',       'attachment; filename="a.pdf"',               'attachment;filename=a.pdf'],
]

/** A field and two values, of which a careless reader makes one. */
// biome-ignore format: a table reads best as a table
const others: readonly (readonly [string, string, string])[] = [
  ['Strict-Transport-Security', 'max-age=1; includeSubDomains',               'max-age=1'],
  ['Strict-Transport-Security', 'max-age=1, max-age=2',                       'max-age=1; max-age=2'],
  ['Content-Security-Policy',   "default-src 'self'",                         "default-src 'none'"],
  ['Content-Security-Policy',   'img-src *; font-src *',                      'img-src *, font-src *'],
  ['Content-Security-Policy',   'img-src a b',                                'img-src ab'],
  ['Content-Disposition',       'attachment; filename="a;b"',                 'attachment; filename="a; b"'],
  ['Content-Disposition',       'attachment; filename="a\\";b"',              'attachment; filename="a\\" ;b"'],
  ['Content-Disposition',       "attachment; filename*=UTF-8''a",             `attachment; filename*="UTF-8''a"`],
  ['Content-Disposition',       'attachment; filename="a  b"',                'attachment; filename="a b"'],
  ['X-List',                    'a, b',                                       'a,b'],
]

describe('the spelling of header fields', () => {
  for (const [name, legacy, modern] of same)
    it(`takes ${legacy} and ${modern} for one ${name}`, () => {
      assert.deepEqual(found(name, legacy, modern), [])
    })

  for (const [name, legacy, modern] of others)
    it(`keeps ${legacy} and ${modern} apart in ${name}`, () => {
      assert.deepEqual(found(name, legacy, modern), [`value header:${name.toLowerCase()}`])
    })

  it('names links as they are written, those of both as legacy writes them', () => {
    assert.deepEqual(found('Link', '</a>;rel=next, </b>;rel="x"', '</b>; rel=x, </c>;rel="y"'), [
      'missing header:link/<~1a>;rel=next',
      'extra header:link/<~1c>;rel="y"',
    ])
  })

  it('reads 64 KiB of marks and quotes at once', () => {
    for (const name of ['Link', 'Content-Disposition', 'Content-Security-Policy'])
      for (const unit of ['";', '\\"', '; ', '<;', ', ', 'a="'])
        assert.notDeepEqual(found(name, unit.repeat(21_000), `${unit.repeat(21_000)}a`), [])
  }).timeout(2_000)
})
