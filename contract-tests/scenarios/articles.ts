import assert from 'node:assert/strict'
import type { Answer, Scenario } from './scenario.ts'

interface Article {
  readonly slug: string
  readonly body?: string
  readonly tagList: readonly string[]
  readonly createdAt: string
  readonly favorited: boolean
  readonly favoritesCount: number
  readonly author: { readonly username: string; readonly following: boolean }
}

interface ArticleList {
  readonly articles: readonly Article[]
  readonly articlesCount: number
}

const list = (answer: Answer): ArticleList => answer.json as ArticleList
const one = (answer: Answer): Article => (answer.json as { article: Article }).article

const counts =
  (length: number) =>
  (answer: Answer): void =>
    assert.equal(list(answer).articles.length, length)

const newestFirst = (answer: Answer): void => {
  const times = list(answer).articles.map((article) => article.createdAt)
  assert.deepEqual(times, [...times].sort().reverse())
}

const get = (title: string, query: string, holds: Scenario['holds']): Scenario => ({
  route: 'articles.list',
  title,
  url: `/api/articles${query}`,
  status: 200,
  ...(holds === undefined ? {} : { holds }),
})

export const articles: readonly Scenario[] = [
  get('lists twenty articles, newest first', '', (answer) => {
    counts(20)(answer)
    newestFirst(answer)
    assert.ok(list(answer).articlesCount >= 20)
  }),
  get('leaves the body out of a list', '', (answer) =>
    assert.ok(list(answer).articles.every((article) => article.body === undefined)),
  ),
  get('writes times as ISO 8601 with milliseconds', '?limit=1', (answer) =>
    assert.match(
      list(answer).articles[0]?.createdAt ?? '',
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/,
    ),
  ),
  get('pages by limit and offset', '?limit=3&offset=2', counts(3)),
  get('answers an empty page past the end', '?offset=100000', counts(0)),
  get('takes a limit of nothing at its word', '?limit=0', counts(0)),
  get('takes the default for a limit that is no number', '?limit=ten', counts(20)),
  get('takes the default for a negative limit', '?limit=-1', counts(20)),
  get('caps a huge limit', '?limit=99999999999999999999', (answer) =>
    assert.ok(list(answer).articles.length <= 100),
  ),
  get('ignores a limit that is a list', '?limit[]=5', counts(20)),
  get('takes the default for a negative offset', '?offset=-1', counts(20)),
  get('takes the default for half an offset', '?offset=1.5', counts(20)),
  get('finds the articles of an author', '?author=jake&limit=5', (answer) =>
    assert.ok(list(answer).articles.every((article) => article.author.username === 'jake')),
  ),
  get('finds nothing for an author nobody knows', '?author=nobody-here', (answer) =>
    assert.deepEqual(answer.json, { articles: [], articlesCount: 0 }),
  ),
  get('finds what somebody favors', '?favorited=jake&limit=5', (answer) =>
    assert.ok(list(answer).articles.every((article) => article.favoritesCount > 0)),
  ),
  get('takes quotes in a filter for what they are', "?author='%20OR%20'1'='1", counts(0)),
  get('takes an empty filter as none', '?author=&limit=1', counts(1)),
  {
    ...get('takes a tag in another script', '', undefined),
    url: `/api/articles?tag=${encodeURIComponent('книги')}`,
  },
  {
    ...get('says what the caller favors and whom he follows', '?limit=100', undefined),
    as: 'jake',
    holds: (answer) => assert.ok(list(answer).articles.some((article) => article.author.following)),
  },
  { ...get('shows a bad token what everybody sees', '?limit=2', counts(2)), as: 'nobody' },
  { ...get('answers HEAD with no body', '?limit=2', undefined), method: 'HEAD' },
  {
    route: 'articles.get',
    title: 'answers 404 for a slug nobody wrote',
    url: '/api/articles/no-such-article',
    status: 404,
    holds: (answer) => assert.deepEqual(answer.json, { errors: { article: ['not found'] } }),
  },
  {
    // PHP decodes the path before it looks for a route, so this is no article's: two segments.
    route: 'rest',
    title: 'answers 404 for a slug with an encoded slash',
    url: '/api/articles/a%2Fb',
    status: 404,
  },
  {
    route: 'articles.get',
    title: 'shows one article with its body',
    url: '/api/articles/{slug}',
    status: 200,
    holds: (answer) => {
      assert.equal(typeof one(answer).body, 'string')
      assert.equal(one(answer).favorited, false)
    },
  },
  {
    route: 'articles.get',
    title: 'shows an article to somebody signed in',
    url: '/api/articles/{slug}',
    as: 'jake',
    status: 200,
  },
  {
    route: 'articles.get',
    title: 'shows a bad token what everybody sees',
    url: '/api/articles/{slug}',
    as: 'nobody',
    status: 200,
    holds: (answer) => assert.equal(one(answer).favorited, false),
  },
  {
    route: 'articles.get',
    title: 'answers 404 for a slug in another script',
    url: `/api/articles/${encodeURIComponent('нет 😀')}`,
    status: 404,
  },
]
