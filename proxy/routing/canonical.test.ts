import assert from 'node:assert/strict'
import fc from 'fast-check'
import { canonicalPath } from './canonical.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, string, string])[] = [
  ['keeps a plain path',                         '/api/articles',                     '/api/articles'],
  ['cuts the query',                             '/a?b=/c/../d',                      '/a'],
  ['cuts the fragment',                          '/a#b?c',                            '/a'],
  ['cuts at a fragment before a query',          '/a#b',                              '/a'],
  ['strips the absolute form',                   'http://legacy.example:80/a?b',      '/a'],
  ['finds the root of an absolute form',         'HTTPS://legacy.example',            '/'],
  ['finds the root of nothing',                  '',                                  '/'],
  ['finds the root under a bare query',          '?a=b',                              '/'],
  ['roots a path without a slash',               'a/b',                               '/a/b'],
  ['roots the asterisk form',                    '*',                                 '/*'],
  ['does not take a path for an absolute form',  '/http://x/y',                       '/http:/x/y'],
  ['collapses slashes',                          '//a///b//',                         '/a/b/'],
  ['resolves single dots',                       '/a/./b/.',                          '/a/b/'],
  ['resolves double dots',                       '/a/b/../c',                         '/a/c'],
  ['keeps a directory a directory',              '/a/b/..',                           '/a/'],
  ['does not climb above the root',              '/../../a',                          '/a'],
  ['collapses before it resolves',               '/a//../b',                          '/b'],
  ['keeps three dots and dot files',             '/.../.env',                         '/.../.env'],
  ['decodes ASCII',                              '/%61dmin',                          '/admin'],
  ['decodes UTF-8',                              '/caf%C3%A9/%F0%9F%8C%B3',           '/café/🌳'],
  ['decodes UTF-8 that came as bytes',           '/caf\u00c3\u00a9',                  '/café'],
  ['takes typed text as UTF-8',                  '/🌳/é',                             '/🌳/é'],
  ['decodes once',                               '/%2561dmin',                        '/%61dmin'],
  ['separates at an escaped slash',              '/a%2fb',                            '/a/b'],
  ['resolves escaped dots',                      '/a/%2e%2E/b',                       '/b'],
  ['keeps a byte that is no UTF-8 as an escape', '/caf%e9',                           '/caf%E9'],
  ['writes a raw byte like its escape',          '/caf\u00e9',                        '/caf%E9'],
  ['keeps an overlong slash escaped',            '/a%c0%afb',                         '/a%C0%AFb'],
  ['keeps half of a surrogate pair escaped',     '/%ed%a0%80',                        '/%ED%A0%80'],
  ['keeps a malformed escape',                   '/100%/%zz/%a',                      '/100%/%zz/%a'],
  ['decodes what stands beside a bad escape',    '/%zz%61%ff%62',                     '/%zza%FFb'],
  ['decodes a null byte',                        '/a%00b',                            '/a\0b'],
  ['keeps a backslash',                          '/a\\..\\b',                         '/a\\..\\b'],
  ['keeps path parameters',                      '/a;v=1/b',                          '/a;v=1/b'],
  ['keeps case and the trailing slash',          '/API/',                             '/API/'],
]

/** Strings dense in what canonicalisation looks at. */
const target = fc
  .array(
    fc.constantFrom(
      '/',
      '.',
      '..',
      '%',
      '%2f',
      '%2E',
      '%c3',
      '%A9',
      '%25',
      'a',
      'B',
      '\\',
      ';',
      ':',
      'é',
      '\u00ff',
      '🌳',
      '\ud800',
      '?',
      '#',
    ),
  )
  .map((parts) => parts.join(''))

describe('canonicalPath', () => {
  for (const [title, url, path] of cases) {
    it(title, () => assert.equal(canonicalPath(url), path))
  }

  it('never throws, starts with a slash and leaves no dot segment and no empty one', () => {
    fc.assert(
      fc.property(fc.oneof(target, fc.string({ unit: 'binary' })), (url) => {
        assert.match(canonicalPath(url), /^\/(?!\/)(?!.*\/\/)(?!(.*\/)?\.{1,2}(\/|$))/s)
      }),
    )
  })

  it('finds a canonical path canonical', () => {
    fc.assert(
      fc.property(target, (url) => {
        const path = canonicalPath(url)
        if (/^[^%?#\u0080-\uffff]*$/.test(path)) assert.equal(canonicalPath(path), path)
      }),
    )
  })

  it('takes every escape of a character for the character', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        const escaped = path.replace(/%[\da-f]{2}|[^/]/gi, (text) =>
          text.length > 1 ? text : `%${text.charCodeAt(0).toString(16).padStart(2, '0')}`,
        )
        assert.equal(canonicalPath(escaped), canonicalPath(path))
      }),
      { examples: [['/']] },
    )
  })
})
