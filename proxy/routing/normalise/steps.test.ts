import assert from 'node:assert/strict'
import fc from 'fast-check'
import { escapedPath } from '../canonical.ts'
import { foldPattern, normalisers, profiles, readingsOf } from './profiles.ts'
import * as steps from './steps.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [keyof typeof steps, string, string])[] = [
  ['keep',                 '/%61//..',               '/%61//..'],
  ['decode',               '/%61%2f%2541%e9%',       '/a/%41%E9%'],
  ['decodeNeeded',         '/%61%20%2f%7e%40%c3%a9', '/%61 %2F%7E@é'],
  ['decodeUnicodeEscapes', '/%u0061%u00',            '/a%u00'],
  ['decodeOverlong',       '/%c0%af%C1%A1%c2%a0',    '//a%c2%a0'],
  ['cutQuery',             '/a?b#c',                 '/a'],
  ['cutAuthority',         '//x:80/a//b',            '/a//b'],
  ['cutAuthority',         '/a//b',                  '/a//b'],
  ['mergeSlashes',         '//a///b/',               '/a/b/'],
  ['resolveDots',          '/a/./b/../c/..',         '/a/'],
  ['resolveDots',          '/a//../b',               '/a/b'],
  ['resolveDots',          '/../...',                '/...'],
  ['turnBackslashes',      '/a\\b',                  '/a/b'],
  ['cutParameters',        '/a;v=1/..;/b;',          '/a/../b'],
  ['lowerCase',            '/ADmin',                 '/admin'],
  ['dropTrailingSlash',    '/a/',                    '/a'],
  ['dropTrailingSlash',    '/',                      '/'],
  ['dropFormat',           '/a.b/c.json',            '/a.b/c'],
  ['dropFormat',           '/.env',                  '/.env'],
  ['trimSegments',         '/a. ./b /c',             '/a/b/c'],
  ['trimEnd',              '/a b \0+\n',             '/a b'],
  ['dropFinalNewline',     '/a\n\n',                 '/a\n'],
  ['cutAtNul',             '/a\0.html',              '/a'],
  ['dropIndex',            '/index.php/a',           '/a'],
  ['dropIndex',            '/a/index.html',          '/a/'],
  ['dropIndex',            '/indexes.php/a',         '/indexes.php/a'],
  ['dropTokenSegments',    '/(S(x)F(y))/a/(b)',      '/a/(b)'],
  ['cutStreams',           '/a::$DATA/b:c',          '/a/b:c'],
  ['narrow',               '/\uff41\uff0f\u2215',    '/a//'],
]

/** Strings dense in what the steps look at. */
const texts = fc
  .array(
    fc.constantFrom(
      ...['/', '//', '.', '..', ';', '\\', ':', '$', '(', ')', 'a', 'B', 'S', '+', 'index.php'],
      ...['%2f', '%2e', '%25', '%61', '%00', '%0a', '%c0%af', '%u0061', '%ef%bc%8f', '%e9', '%3b'],
    ),
    { maxLength: 12 },
  )
  .map((parts) => `/${parts.join('')}`)

const byName = new Map(Object.entries(steps))

describe('steps of normalisers', () => {
  for (const [name, path, expected] of cases) {
    it(`${name} makes ${JSON.stringify(expected)} of ${JSON.stringify(path)}`, () => {
      assert.equal(byName.get(name)?.apply(path), expected)
    })
  }

  it('announce everything that they change in a plain path', () => {
    fc.assert(
      fc.property(texts, (path) => {
        for (const [name, { touches, apply }] of Object.entries(steps)) {
          if (!/%/.test(path) && apply(path) !== path) assert.match(path, new RegExp(touches), name)
        }
      }),
    )
  })
})

describe('profiles of normalisers', () => {
  it('fold patterns only by steps that have no alternative', () => {
    for (const stages of Object.values(profiles)) {
      for (const stage of stages.filter(({ length }) => length > 1))
        assert.ok(stage.every(({ folds }) => !folds))
    }
  })

  for (const name of normalisers) {
    it(`${name} gives every path a few readings that begin with a slash`, () => {
      fc.assert(
        fc.property(texts, (path) => {
          const readings = readingsOf(profiles[name], escapedPath(path))
          assert.ok(readings.length >= 1 && readings.length <= 16)
          for (const reading of readings) assert.ok(reading.startsWith('/'))
        }),
      )
    })
  }

  it('folds patterns as it folds paths', () => {
    assert.equal(foldPattern(profiles.iis, '/Shop/:Id/'), '/shop/:id')
    assert.equal(foldPattern(profiles.rails, '/posts/:id/feed.xml'), '/posts/:id/feed')
    assert.equal(foldPattern(profiles.php, '/*'), '/*')
    assert.equal(foldPattern(profiles.nginx, '/Shop/'), '/Shop/')
  })
})
