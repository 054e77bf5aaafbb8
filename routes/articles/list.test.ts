import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { authorize, describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'
import { prepareDatabase } from '../../contract-tests/lab/seed.ts'
import { createSqliteDialect } from '../../migrations/sqlite-dialect.ts'
import { createApp } from '../app.ts'
import type { ArticleSummaryJson } from './presenter.ts'

const ann = { username: 'Änn O’Neil', bio: 'a/b "c" <d>', image: 'http://example.com/ä.png' }

describeEachApp('articles.list', await probeMariadb(), (app) => {
  const list = async (query: string): Promise<{ slugs: readonly string[]; count: number }> => {
    const { body } = await app.get(`/api/articles${query}`).expect(200)
    const articles: readonly ArticleSummaryJson[] = body.articles
    return { slugs: articles.map(({ slug }) => slug), count: body.articlesCount }
  }

  it('shows articles without their bodies, as the caller sees them', async () => {
    const { body } = await app
      .get('/api/articles?tag=a/b', await authorize({ id: 1 }))
      .expect(200)
      .expect('content-type', 'application/json; charset=utf-8')
    assert.deepEqual(body, {
      articles: [
        {
          slug: 'hello-world',
          title: 'Hello <World> & "co"',
          description: 'a/b 😀',
          tagList: ['a/b', 'тег'],
          createdAt: '2024-05-01T12:34:56.000Z',
          updatedAt: '2024-05-01T12:34:56.000Z',
          favorited: true,
          favoritesCount: 1,
          author: { ...ann, following: true },
        },
      ],
      articlesCount: 1,
    })
  })

  it('marks nothing for a caller who is not signed in', async () => {
    const { body } = await app.get('/api/articles').expect(200)
    for (const article of body.articles as readonly ArticleSummaryJson[]) {
      assert.deepEqual([article.favorited, article.author.following], [false, false])
    }
  })

  const all = ['中文', 'hello-world', 'by-jake']
  const cases: readonly (readonly [string, string, readonly string[], number])[] = [
    ['lists the newest first, the higher id first in the same second', '', all, 3],
    ['cuts the page, not the count, by limit', '?limit=1', ['中文'], 3],
    ['skips by offset', '?limit=1&offset=1', ['hello-world'], 3],
    ['answers an empty page beyond the end', '?offset=7', [], 3],
    ['answers an empty page for limit=0', '?limit=0', [], 3],
    ['takes a limit that is no whole number for the default', '?limit=-1', all, 3],
    ['takes words for the default', '?limit=many&offset=few', all, 3],
    ['cuts down a limit of many digits', '?limit=99999999999999999999', all, 3],
    ['filters by tag', '?tag=%D1%82%D0%B5%D0%B3', ['hello-world'], 1],
    ['filters by author', '?author=jake', ['by-jake'], 1],
    ['filters by who favors', '?favorited=jake', ['hello-world'], 1],
    ['combines filters', '?favorited=jake&author=jake', [], 0],
    ['finds nothing for an unknown tag', '?tag=nope', [], 0],
    ['knows the case of letters', '?author=Jake', [], 0],
    ['takes the last of several', '?author=nobody&author=jake', ['by-jake'], 1],
    ['ignores an empty filter', '?author=', all, 3],
    ['ignores a filter that is a list', '?author[]=jake', all, 3],
    ['ignores a filter that is no UTF-8', '?author=%ff', all, 3],
    ['is not fooled by quotes', "?author=x'%20OR%20'1'%3D'1", [], 0],
    ['is not fooled by a backslash', '?author=%5C%27%20OR%201%3D1%20--%20', [], 0],
    ['is not fooled by a NUL', '?author=jake%00', [], 0],
  ]
  for (const [title, query, slugs, count] of cases) {
    it(title, async () => assert.deepEqual(await list(query), { slugs, count }))
  }
})

describe('listArticles', () => {
  it('asks the database as often for one article as for many', async () => {
    const statements: string[] = []
    const dialect = createSqliteDialect()
    function Database(...args: ConstructorParameters<typeof dialect.Database>): object {
      const connection = new dialect.Database(...args)
      return {
        ...connection,
        all: (...given: Parameters<typeof connection.all>) => {
          if (!given[0].startsWith('PRAGMA')) statements.push(given[0])
          connection.all(...given)
        },
      }
    }
    const dir = mkdtempSync(join(tmpdir(), 'banyan-list-'))
    const url = `sqlite:${join(dir, 'conduit.db')}`
    await prepareDatabase(url, { users: 20, articles: 60 })
    const dialectModule = { ...dialect, Database }
    const { app, close } = createApp({ role: 'primary', database: { url, dialectModule } }, {})
    const counts: number[] = []
    for (const limit of [1, 50]) {
      statements.length = 0
      const { body } = await supertest(app.callback())
        .get(`/api/articles?limit=${limit}`)
        .expect(200)
      assert.equal(body.articles.length, limit)
      counts.push(statements.length)
    }
    await close()
    rmSync(dir, { recursive: true, force: true })
    assert.deepEqual(counts, [4, 4])
  })
})
