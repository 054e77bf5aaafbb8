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
  ['Content-Disposition',       'Attachment; Filename="A.pdf"',               'attachment; filename="A.pdf"'],
  ['Strict-Transport-Security', 'Max-Age=1; includeSubDomains',               'max-age=1; includesubdomains'],
  ['Content-Security-Policy',   "Default-Src 'self'; IMG-src *",              "default-src 'self'; img-src *"],
  ['WWW-Authenticate',          'Basic realm="a", Bearer',                    'bearer, basic realm=a'],
  ['WWW-Authenticate',          'Digest realm="a, b", nonce="x", qop="auth"', 'Digest qop="auth", Realm="a, b", nonce=x'],
  ['WWW-Authenticate',          'Negotiate abc==, Basic realm = "a"',         'Basic realm="a", Negotiate abc=='],
  ['Host',                      '127.0.0.1:8081',                             'app.example'],
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
  ['Content-Disposition',       'attachment; filename="a.pdf"',               'inline; filename="a.pdf"'],
  ['Content-Disposition',       'attachment; filename="A.pdf"',               'attachment; filename="a.pdf"'],
  ['Content-Security-Policy',   'img-src /A',                                 'img-src /a'],
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

  it('keeps challenges apart that are others', () => {
    const pairs = [
      ['Basic realm="a"', 'Basic realm="A"'],
      ['Negotiate abc==', 'Negotiate ABC=='],
      ['Basic realm="a", Bearer', 'Basic realm="b", Bearer'],
    ] as const
    for (const [legacy, modern] of pairs)
      assert.deepEqual(found('WWW-Authenticate', legacy, modern), [
        'value header:www-authenticate/0',
      ])
    assert.deepEqual(found('WWW-Authenticate', 'Basic realm="a", Bearer', 'Basic realm="a"'), [
      'missing header:www-authenticate/1',
    ])
  })

  it('reads 64 KiB of marks and quotes at once', () => {
    for (const name of [
      'Link',
      'Content-Disposition',
      'Content-Security-Policy',
      'WWW-Authenticate',
    ])
      for (const unit of ['";', '\\"', '; ', '<;', ', ', 'a="'])
        assert.notDeepEqual(found(name, unit.repeat(21_000), `${unit.repeat(21_000)}a`), [])
  }).timeout(2_000)
})
