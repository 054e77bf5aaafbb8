import assert from 'node:assert/strict'
import { compare } from './compare.ts'
import { observed } from './observed.ts'

/** A field, two values of it, and every difference between them. */
// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['Cache-Control',                'max-age="60"',          'max-age=60',               []],
  ['Cache-Control',                'no-cache, no-cache',    'No-Cache',                 []],
  ['Cache-Control',                'no-cache="set-cookie"', 'no-cache',                 ['value header:cache-control/no-cache']],
  ['Vary',                         'Accept, accept',        'accept',                   []],
  ['Link',                         '</a>; rel=next, </b>',  '</b>, </a>; rel=next',     []],
  ['Link',                         '</a>; rel=next',        '</a>; rel=prev',           ['missing header:link/<~1a>; rel=next', 'extra header:link/<~1a>; rel=prev']],
  ['Allow',                        'GET, HEAD',             'HEAD,GET',                 []],
  ['Allow',                        'GET',                   'get',                      ['missing header:allow/GET', 'extra header:allow/get']],
  ['Access-Control-Allow-Methods', 'GET, POST',             'POST, GET',                []],
  ['Access-Control-Allow-Methods', 'GET, POST',             'GET, post',                ['missing header:access-control-allow-methods/POST', 'extra header:access-control-allow-methods/post']],
  ['Access-Control-Allow-Headers', 'X-A, X-B',              'x-b, x-a',                 []],
  ['Access-Control-Allow-Origin',  'https://a.example',     'https://A.example',        ['value header:access-control-allow-origin']],
  ['Content-Type',                 'text/html; charset=utf8', 'Text/HTML;charset="UTF-8"', []],
  ['Content-Type',                 'a/b; x=1; y=2',         'a/b; y=2; x=1',            []],
  ['Content-Type',                 'multipart/mixed; boundary=a', 'multipart/mixed; boundary=b', []],
  ['Content-Type',                 'application/json',      'application/problem+json', ['type header:content-type']],
  ['Last-Modified',                'Fri, 02 Jan 2026 03:04:05 GMT', 'Fri, 02-Jan-2026 03:04:05 GMT', ['spelling header:last-modified']],
  ['Expires',                      '0',                     '-1',                       ['value header:expires']],
  ['Retry-After',                  '120',                   '60',                       ['value header:retry-after']],
  ['ETag',                         '"a"',                   '"b"',                      []],
  ['ETag',                         'W/"a"',                 '"a"',                      ['value header:etag']],
  ['WWW-Authenticate',             'Basic realm="a, b"',    'Basic realm="a"',          ['value header:www-authenticate/0']],
  ['Location',                     '/a%2fb',                '/a%2Fb',                   ['spelling header:location/path']],
  ['Location',                     '/%7Eann',               '/~ann',                    ['spelling header:location/path']],
  ['Location',                     '/a%2Fb',                '/a/b',                     ['value header:location/path']],
  ['Location',                     'https://a.example',     'https://a.example/',       ['spelling header:location/path']],
  ['Location',                     'http://a.example:80/',  'http://A.example/',        []],
  ['Location',                     'http://a.example/',     'https://a.example/',       ['value header:location/origin']],
  ['Location',                     '/a?x=1&y=2',            '/a?y=2&x=1',               []],
  ['Location',                     '/a?x=1&x=2',            '/a?x=2&x=1',               ['order header:location/query/x']],
  ['Location',                     '/a#x',                  '/a#y',                     ['value header:location/fragment']],
  ['Set-Cookie',                   'a=1; Domain=.A.example', 'a=1; domain=a.example',   []],
  ['Set-Cookie',                   'a=1; Path=',            'a=1',                      []],
  ['Set-Cookie',                   'a=1; Secure=1',         'a=1; Secure',              []],
  ['Set-Cookie',                   'a=1; Secure',           'a=1',                      ['missing header:set-cookie/a/secure']],
  ['Set-Cookie',                   'a=1; SameSite=Strict',  'a=1; SameSite=None',       ['value header:set-cookie/a/samesite']],
  ['Set-Cookie',                   'a=1; Max-Age=60',       'a=1; Max-Age=64',          []],
  ['Set-Cookie',                   'a=1; Max-Age=60',       'a=1; Max-Age=66',          ['value header:set-cookie/a/lifetime']],
  ['X-Robots-Tag',                 'noindex, nofollow',     'nofollow, noindex',        ['value header:x-robots-tag']],
]

describe('what the fields of a head mean', () => {
  for (const [name, legacy, modern, expected] of cases)
    it(`finds ${expected.join(' and ') || 'no difference'} between ${name}: ${legacy} and ${modern}`, () => {
      const { differences } = compare(
        observed('legacy', { headers: [name, legacy] }),
        observed('modern', { headers: [name, modern] }),
      )
      assert.deepEqual(
        differences.map(({ kind, path }) => `${kind} ${path}`),
        expected,
      )
    })
})
