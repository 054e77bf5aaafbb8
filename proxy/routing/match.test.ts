import assert from 'node:assert/strict'
import type { Match } from '../config/config.ts'
import { canonicalPath } from './canonical.ts'
import { createMatcher, type Question } from './match.ts'
import { plainRoute } from './plain-route.ts'

type Routes = Readonly<Record<string, Partial<Match>>>
const matcherOf = (routes: Routes, visited?: () => void) =>
  createMatcher(
    Object.entries(routes).map(([id, match]) => plainRoute(id, { match })),
    visited,
  )

const ask = (line: string, about: Partial<Question> = {}): Question => {
  const [method = '', url = ''] = line.split(' ')
  return { method, url, path: canonicalPath(url), host: '', headers: [], ...about }
}

const paths: Routes = {
  root: { path: '/' },
  list: { path: '/articles' },
  feed: { path: '/articles/feed' },
  one: { path: '/articles/:slug' },
  comment: { path: '/articles/:slug/comments/:id' },
  under: { path: '/articles/*' },
  slash: { path: '/articles/' },
  hostile: { path: '/__proto__/constructor' },
  rest: { path: '/*' },
}
const byPath: Readonly<Record<string, string>> = {
  '/': 'root',
  '/articles': 'list',
  '/articles/feed': 'feed',
  '/articles/feed?x=/y': 'feed',
  '/articles/%66eed': 'feed',
  '/articles/other': 'one',
  '/articles/': 'slash',
  '/articles/feed/': 'under',
  '/articles/a/comments/1': 'comment',
  '/articles/feed/comments/1': 'comment',
  '/articles/a/comments/': 'under',
  '/articles/a/b': 'under',
  '/Articles': 'rest',
  '/__proto__/constructor': 'hostile',
  '/__proto__': 'rest',
  '/constructor/prototype': 'rest',
  '/other/': 'rest',
  '*': 'rest',
}

const byMethod: Routes = {
  any: { path: '/a' },
  reads: { path: '/a', methods: ['GET', 'HEAD'] },
  head: { path: '/a', methods: ['HEAD'] },
  posts: { path: '/:name', methods: ['POST'] },
  debug: { path: '/a', methods: ['PUT'], headers: { 'x-debug': null } },
  debugOne: { path: '/a', methods: ['PUT'], headers: { 'x-debug': '1' } },
  page: { path: '/a', methods: ['PUT'], query: { page: null } },
  pageTwo: { path: '/a', methods: ['PUT'], query: { page: '2' } },
}
const byDetail: readonly (readonly [string, string, Partial<Question>])[] = [
  ['GET /a', 'reads', {}],
  ['HEAD /a', 'head', {}],
  ['DELETE /a', 'any', {}],
  ['POST /a', 'any', {}],
  ['POST /b', 'posts', {}],
  ['PUT /a', 'any', {}],
  ['PUT /a', 'debug', { headers: ['X-Debug', '0'] }],
  ['PUT /a', 'debugOne', { headers: ['x-debug', '0', 'X-DEBUG', '1'] }],
  ['PUT /a?page=3', 'page', {}],
  ['PUT /a?page', 'page', {}],
  ['PUT /a?x=1&page=1&p%61ge=%32#page', 'pageTwo', {}],
  ['PUT /a?page=2', 'debug', { headers: ['X-Debug', '0'] }],
]

const hosts: Routes = {
  none: { path: '/a' },
  wide: { path: '/*', host: '*.shop.example' },
  wider: { path: '/*', host: '*.example' },
  exact: { path: '/a', host: 'de.shop.example' },
}
const byHost: readonly (readonly [string, string, string])[] = [
  ['/a', 'de.shop.example', 'exact'],
  ['/a', 'DE.Shop.Example.:8080', 'exact'],
  ['/b', 'de.shop.example', 'wide'],
  ['/a', 'at.shop.example', 'wide'],
  ['/a', 'x.at.shop.example', 'wide'],
  ['/a', 'shop.example', 'wider'],
  ['/a', 'example', 'none'],
  ['/a', '', 'none'],
  ['/a', '[::1]:8080', 'none'],
  ['/a', `${'a.'.repeat(5_000)}example`, 'none'],
]

describe('createMatcher', () => {
  for (const [url, id] of Object.entries(byPath)) {
    it(`sends ${url} to ${id}`, () => {
      assert.equal(matcherOf(paths).match(ask(`GET ${url}`))?.id, id)
    })
  }

  for (const [line, id, about] of byDetail) {
    it(`sends ${line} with ${JSON.stringify(about)} to ${id}`, () => {
      assert.equal(matcherOf(byMethod).match(ask(line, about))?.id, id)
    })
  }

  for (const [url, host, id] of byHost) {
    it(`sends ${url} of "${host.slice(0, 30)}" to ${id}`, () => {
      assert.equal(matcherOf(hosts).match(ask(`GET ${url}`, { host }))?.id, id)
    })
  }

  it('finds nothing where no route takes the request', () => {
    const { rest: _, ...others } = paths
    assert.equal(matcherOf(others).match(ask('GET /nowhere')), null)
  })

  it('gives the order of the file no meaning', () => {
    const reversed = Object.fromEntries(Object.entries(paths).reverse())
    for (const [url, id] of Object.entries(byPath)) {
      assert.equal(matcherOf(reversed).match(ask(`GET ${url}`))?.id, id)
    }
  })

  it('looks at as much of 10000 routes as of 10', () => {
    const visits = (count: number): number => {
      let visited = 0
      const routes = Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`r${i}`, { path: `/area${i}/:id/part${i}` }]),
      )
      matcherOf({ ...routes, rest: { path: '/*' } }, () => {
        visited += 1
      }).match(ask(`GET /area${count - 1}/7/part${count - 1}`))
      return visited
    }
    assert.equal(visits(10_000), visits(10))
    assert.equal(visits(10), 4)
  })
})
