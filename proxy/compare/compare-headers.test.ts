import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'

const compared = (legacy: string[], modern: string[], rules: readonly object[] = []): Comparison =>
  compare(
    observed('legacy', { headers: legacy }),
    observed('modern', { headers: modern }),
    parseRules(
      rules.map((rule) => ({ why: 'a test', ...rule })),
      'test',
    ).rules,
  )

const found = ({ differences }: Comparison): string[] =>
  differences.map(({ path, kind }) => `${kind} ${path}`)

const date = 'Thu, 01 Jan 2026 00:00:00 GMT'
const inAnHour = 'Thu, 01 Jan 2026 01:00:00 GMT'

/** Heads of legacy and modern, and every difference between them. */
const cases: [string, string[], string[], string[]][] = [
  ['the case and order of names', ['A', '1', 'B', '2'], ['b', '2', 'a', '1'], []],
  ['a value', ['X-Total', '1'], ['X-Total', '2'], ['value header:x-total']],
  [
    'a field that is gone, and one that is new',
    ['X-A', '1'],
    ['X-B', '1'],
    ['missing header:x-a', 'extra header:x-b'],
  ],
  [
    'what belongs to the hop and the software',
    [
      'Server',
      'Apache',
      'Date',
      date,
      'X-Powered-By',
      'PHP/7.4',
      'Connection',
      'close',
      'Content-Length',
      '7',
    ],
    ['Server', 'x', 'Transfer-Encoding', 'chunked'],
    [],
  ],
  [
    'a name that only contains an ignored one',
    ['X-Date-Of-Birth', '1'],
    ['X-Date-Of-Birth', '2'],
    ['value header:x-date-of-birth'],
  ],
  [
    'one charset under two names',
    ['Content-Type', 'text/html; charset=utf8'],
    ['Content-Type', 'text/html;charset="UTF-8"'],
    [],
  ],
  [
    'another charset',
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Content-Type', 'text/html; charset=latin1'],
    ['value header:content-type/charset'],
  ],
  [
    'another media type',
    ['Content-Type', 'text/html'],
    ['Content-Type', 'application/json'],
    ['type header:content-type'],
  ],
  ['the order of a list', ['Vary', 'Accept, Cookie'], ['Vary', 'cookie', 'Vary', 'accept'], []],
  [
    'a member of a list',
    ['Vary', 'Accept, Cookie'],
    ['Vary', 'Accept'],
    ['missing header:vary/cookie'],
  ],
  [
    'a directive',
    ['Cache-Control', 'private, max-age=60'],
    ['Cache-Control', 'max-age=61, private'],
    ['value header:cache-control/max-age'],
  ],
  [
    'a comma in quotes',
    ['Link', '</a,b>; rel="x,y", </c>'],
    ['Link', '</c>, </a,b>; rel="x,y"'],
    [],
  ],
  [
    'a date written otherwise',
    ['Last-Modified', date],
    ['Last-Modified', 'Thu, 01-Jan-2026 00:00:00 GMT'],
    ['spelling header:last-modified'],
  ],
  [
    'another date',
    ['Last-Modified', date],
    ['Last-Modified', inAnHour],
    ['value header:last-modified'],
  ],
  ['validators of one strength', ['ETag', '"a"'], ['ETag', '"b"'], []],
  ['validators of another strength', ['ETag', '"a"'], ['ETag', 'W/"a"'], ['value header:etag']],
  [
    'CORS',
    ['Access-Control-Allow-Origin', '*'],
    [],
    ['missing header:access-control-allow-origin'],
  ],
  [
    'challenges in another order',
    ['WWW-Authenticate', 'Basic', 'WWW-Authenticate', 'Bearer'],
    ['WWW-Authenticate', 'Bearer', 'WWW-Authenticate', 'Basic'],
    [],
  ],
  [
    'a place by its parts',
    ['Location', '/articles/17?page=1&tag=a'],
    ['Location', '/articles/18?tag=a&page=2'],
    ['value header:location/path', 'value header:location/query/page'],
  ],
  [
    'a place relative and absolute',
    ['Location', 'https://Shop.example:443/a'],
    ['Location', '/a'],
    ['spelling header:location/origin'],
  ],
  [
    'another host',
    ['Location', 'https://a.example/'],
    ['Location', 'https://b.example/'],
    ['value header:location/origin'],
  ],
  [
    'a cookie',
    ['Set-Cookie', 'a=1; Path=/; HttpOnly'],
    ['Set-Cookie', 'a=2; path=/'],
    ['value header:set-cookie/a/value', 'missing header:set-cookie/a/httponly'],
  ],
  [
    'cookies in another order',
    ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
    ['Set-Cookie', 'b=2', 'Set-Cookie', 'a=1'],
    [],
  ],
  [
    'a cookie that is gone, and one that is new',
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=1'],
    ['missing header:set-cookie/a', 'extra header:set-cookie/b'],
  ],
  [
    'one of two cookies of one name',
    ['Set-Cookie', 'a=1; Path=/x', 'Set-Cookie', 'a=2; Path=/y'],
    ['Set-Cookie', 'a=2; Path=/y'],
    ['missing header:set-cookie/a'],
  ],
  [
    'SameSite in another case',
    ['Set-Cookie', 'a=1; SameSite=Lax'],
    ['Set-Cookie', 'a=1; samesite=lax'],
    [],
  ],
  [
    'Expires for Max-Age',
    ['Date', date, 'Set-Cookie', `a=1; Expires=${inAnHour}`],
    ['Set-Cookie', 'a=1; Max-Age=3598'],
    [],
  ],
  [
    'another lifetime',
    ['Date', date, 'Set-Cookie', `a=1; Expires=${inAnHour}`],
    ['Set-Cookie', 'a=1; Max-Age=60'],
    ['value header:set-cookie/a/lifetime'],
  ],
  [
    'a cookie that outlives its session',
    ['Set-Cookie', 'a=1; Max-Age=60'],
    ['Set-Cookie', 'a=1'],
    ['missing header:set-cookie/a/lifetime'],
  ],
  [
    'two ways to delete a cookie',
    ['Set-Cookie', 'a=deleted; Expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0'],
    ['Set-Cookie', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'Date', date],
    [],
  ],
]

describe('comparing heads', () => {
  for (const [title, legacy, modern, expected] of cases)
    it(`finds ${expected.length === 0 ? 'no difference in' : ''} ${title}`, () => {
      assert.deepEqual(found(compared(legacy, modern)), expected)
    })

  it('takes what lets somebody in or out for breaking', () => {
    const { severity } = compared(
      ['Access-Control-Allow-Origin', 'a'],
      ['Access-Control-Allow-Origin', '*'],
    )
    assert.equal(severity, 'breaking')
  })

  it('lets a rule name a part of a head', () => {
    const rules = [{ ignore: 'header:set-cookie/PHPSESSID/value' }, { ignore: 'header:X-Version' }]
    const head = (id: string, version: string): string[] => [
      'Set-Cookie',
      `PHPSESSID=${id}; path=/`,
      'X-Version',
      version,
    ]
    const comparison = compared(
      head('0a1b2c3d4e5f6a7b8c9d0e1f2a', '1.2'),
      head('ffffffffffffffffffffffff01', '1.3'),
      rules,
    )
    assert.deepEqual(found(comparison), [])
    assert.deepEqual(
      comparison.excused.map(({ rule }) => rule),
      ['test#1', 'test#2'],
    )
  })

  it('renames ids inside a Location', () => {
    const rules = [{ identity: '/id' }]
    const answer = (from: 'legacy' | 'modern', id: number, place: number) =>
      observed(from, {
        status: 201,
        headers: ['Content-Type', 'application/json', 'Location', `/articles/${place}`],
        body: `{"id":${id}}`,
      })
    const outcome = (place: number) =>
      compare(
        answer('legacy', 7, 7),
        answer('modern', 9, place),
        parseRules(
          rules.map((rule) => ({ ...rule, why: 'a test' })),
          'test',
        ).rules,
      ).outcome
    assert.deepEqual([outcome(9), outcome(7)], ['equivalent', 'mismatch'])
  })

  it('reads a list of 64 KiB of commas and quotes at once', () => {
    const value = '",'.repeat(32_768)
    assert.equal(compared(['Vary', value], ['Vary', `${value}a`]).outcome, 'mismatch')
  })
})
