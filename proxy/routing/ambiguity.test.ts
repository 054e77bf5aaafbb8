import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { AmbiguityPolicy } from '../config/config.ts'
import { escapedPath } from './canonical.ts'
import { type Normaliser, normalisers, profiles, readingsOf } from './normalise/profiles.ts'
import { oddTarget, plainTable, questionFor, usualPatterns } from './routing-lab.ts'

const readAs = (normaliser: Normaliser, url: string, patterns = usualPatterns) => {
  const { matcher, find } = plainTable(patterns, [normaliser])
  const asked = questionFor(url)
  const route = matcher.match(asked)
  const found = route === null ? null : find(asked, route)
  return found === null ? null : (found.readings[0].route?.id ?? 'none')
}

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [Normaliser, string, string | null])[] = [
  ['php',          '/index.php/admin',           'admin'],
  ['php',          '//x/admin',                  'admin'],
  ['php',          '/admin%0a',                  'admin'],
  ['php',          '/index.php',                 'home'],
  ['php',          '/ADMIN',                     null],
  ['php',          '/wp-login.php',              null],
  ['php',          '/articles/a%2Fb',            null],
  ['rails',        '/admin.json',                'admin'],
  ['rails',        '/articles/feed.xml',         'feed'],
  ['rails',        '/articles/a%2Fb',            'one'],
  ['rails',        '/articles/v1.2',             null],
  ['apache',       '/index.php/admin',           'admin'],
  ['apache',       '/admin/',                    null],
  ['nginx',        '/admin;x',                   null],
  ['tomcat',       '/x/..;/admin',               'admin'],
  ['tomcat',       '/articles;jsessionid=1',     'list'],
  ['tomcat',       '/articles/a;jsessionid=1',   null],
  ['iis',          '/Articles/Feed',             'feed'],
  ['iis',          '/admin::$DATA',              'admin'],
  ['iis',          '/x%255c..%255cadmin',        'admin'],
  ['express',      '/ADMIN/',                    'admin'],
  ['express',      '/articles/a%2Fb',            'one'],
  ['express',      '/Files/x',                   'files'],
  ['doubleDecode', '/%2561dmin',                 'admin'],
  ['doubleDecode', '/admin%3fx',                 'admin'],
  // The other way round: Banyan decodes and resolves what these leave as it is.
  ['rails',        '/%61dmin',                   'rest'],
  ['php',          '/x/../admin',                'rest'],
]

describe('createFindAmbiguity', () => {
  for (const [normaliser, url, id] of cases) {
    it(`${normaliser} reads ${url} as ${id ?? 'Banyan does'}`, () =>
      assert.equal(readAs(normaliser, url), id))
  }

  it('finds nothing for upstreams without normalisers', () => {
    const { config, matcher, find } = plainTable(usualPatterns, [])
    const asked = questionFor('/index.php/admin')
    const route = matcher.match(asked) ?? config.routes[0]!
    assert.equal(find(asked, route), null)
  })

  it('says so where legacy reads a path that no route takes', () => {
    assert.equal(readAs('tomcat', '/public/..;/etc', { public: '/public/*' }), 'none')
  })

  it('reads patterns as the stack does', () => {
    const patterns = { Shop: '/Shop/:Id/', rest: '/*' }
    assert.equal(readAs('iis', '/Shop/1/', patterns), null)
    assert.equal(readAs('iis', '/shop/1', patterns), 'Shop')
    assert.equal(readAs('express', '/SHOP/1', patterns), 'Shop')
  })

  it('takes spellings that the table names for what the table says', () => {
    const patterns = { script: '/index.php', upper: '/Admin/:id', lower: '/admin/:id', home: '/' }
    assert.equal(readAs('php', '/index.php', patterns), null)
    assert.equal(readAs('iis', '/Admin/1', patterns), null)
    assert.equal(readAs('iis', '/ADMIN/1', { ...patterns, rest: '/*' }), 'upper')
  })

  it('compares with a query, whatever the query says', () => {
    assert.equal(readAs('php', '/admin?next=//x/..%2f/index.php'), null)
    assert.equal(readAs('php', '/index.php/admin?x'), 'admin')
  })

  // biome-ignore format: a table reads best as a table
  const policies: readonly (readonly [AmbiguityPolicy, AmbiguityPolicy, AmbiguityPolicy, string | null])[] = [
    ['report',    'report',    'report',    'rest'],
    ['report',    'strictest', 'strictest', 'admin'],
    ['strictest', 'report',    'strictest', 'admin'],
    ['strictest', 'reject',    'reject',    null],
    ['reject',    'report',    'reject',    null],
  ]
  for (const [rest, admin, policy, id] of policies) {
    it(`follows ${policy} between a route with ${rest} and one with ${admin}`, () => {
      const { matcher, find } = plainTable(usualPatterns, ['php'], {
        rest: { onAmbiguousPath: rest },
        admin: { onAmbiguousPath: admin },
      })
      const asked = questionFor('/index.php/admin')
      const found = find(asked, matcher.match(asked)!)
      assert.deepEqual([found?.policy, found?.route?.id ?? null], [policy, id])
    })
  }

  for (const normaliser of normalisers) {
    it(`misses no reading of ${normaliser} when it looks at a path only briefly`, () => {
      const { matcher, find } = plainTable(usualPatterns, [normaliser])
      fc.assert(
        fc.property(oddTarget, (url) => {
          const asked = questionFor(url)
          const route = matcher.match(asked)!
          const others = readingsOf(profiles[normaliser], escapedPath(url)).filter(
            (path) => matcher.match({ ...asked, path }) !== route,
          )
          assert.equal(find(asked, route) !== null, others.length > 0)
        }),
        { numRuns: 2_000 },
      )
    })
  }
})
