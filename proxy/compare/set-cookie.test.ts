import assert from 'node:assert/strict'
import { parseSetCookie } from './set-cookie.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

/** A line, and what user agents make of it (RFC 6265 §5.2): name, value, attributes, lifetime. */
// biome-ignore format: a table reads best as a table
const lines: readonly (readonly [string, string | null])[] = [
  ['foo=bar',                                            'foo=bar {} null'],
  ['foo=bar; Path=/',                                    'foo=bar {"path":"/"} null'],
  ['foo=bar;Path=/;path=/x',                             'foo=bar {"path":"/x"} null'],
  ['foo=bar; path=qux',                                  'foo=bar {} null'],
  ['foo=bar; path=',                                     'foo=bar {} null'],
  ['foo=bar; domain=.Example.COM',                       'foo=bar {"domain":"example.com"} null'],
  ['foo=bar; domain=',                                   'foo=bar {} null'],
  ['foo=bar; Secure=1; HTTPONLY=no',                     'foo=bar {"secure":"","httponly":""} null'],
  ['foo=bar; SameSite=LAX; Priority=High; Partitioned',  'foo=bar {"partitioned":"","samesite":"lax","priority":"high"} null'],
  ['foo = "b;ar"',                                       'foo="b {} null'],
  ['foo==bar',                                           'foo==bar {} null'],
  ['foo=',                                               'foo= {} null'],
  ['=bar',                                               null],
  ['foo',                                                null],
  ['',                                                   null],
  ['; path=/',                                           null],
  ['foo=bar; max-age=60',                                'foo=bar {} 60'],
  ['foo=bar; max-age=60; expires=Thu, 01 Jan 1970 00:00:00 GMT', 'foo=bar {} 60'],
  ['foo=bar; max-age=sixty; expires=Thu, 01 Jan 2026 00:01:00 GMT', 'foo=bar {} 60'],
  ['foo=bar; max-age=-1',                                'foo=bar {} -1'],
  ['foo=bar; expires=Thu, 01-Jan-2026 00:01:00 GMT',     'foo=bar {} 60'],
  ['foo=bar; expires=soon',                              'foo=bar {} null'],
  ['foo=bar; version=1; comment=x',                      'foo=bar {} null'],
]

describe('parseSetCookie', () => {
  for (const [line, expected] of lines)
    it(`reads ${JSON.stringify(line)} as ${expected ?? 'nothing'}`, () => {
      const cookie = parseSetCookie(line, now)
      const attributes = JSON.stringify(Object.fromEntries(cookie?.attributes ?? []))
      const read = cookie && `${cookie.name}=${cookie.value} ${attributes} ${cookie.lifetime}`
      assert.equal(read, expected)
    })
})
