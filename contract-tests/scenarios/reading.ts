import assert from 'node:assert/strict'
import type { Answer, Scenario } from './scenario.ts'

interface Comment {
  readonly id: number
  readonly body: string
  readonly createdAt: string
}

interface Feed {
  readonly articles: readonly { author: { following: boolean }; body?: string }[]
  readonly articlesCount: number
}

const feed = (title: string, query: string, holds: (feed: Feed) => void): Scenario => ({
  route: 'articles.feed',
  title,
  url: `/api/articles/feed${query}`,
  as: 'jake',
  status: 200,
  holds: ({ json }) => holds(json as Feed),
})

const commentsOf = ({ json }: Answer): readonly Comment[] =>
  (json as { comments: readonly Comment[] }).comments

const comments: Scenario = {
  route: 'comments.list',
  title: 'lists the comments of an article, oldest first',
  url: '/api/articles/{slug}/comments',
  status: 200,
  holds: (answer) => {
    const ids = commentsOf(answer).map(({ id }) => id)
    assert.ok(ids.length > 0)
    assert.deepEqual(
      ids,
      [...ids].sort((a, b) => a - b),
    )
  },
}

/** What can be done over and over, for it changes nothing the second time. */
const again: readonly Scenario[] = [
  {
    ...{ route: 'favorites.remove', method: 'DELETE', url: '/api/articles/{slug}/favorite' },
    title: 'takes back a favorite that is none',
    as: 'jake',
    status: 200,
  },
  {
    ...{ route: 'profiles.unfollow', method: 'DELETE', url: '/api/profiles/jake/follow' },
    title: 'stops what was never begun',
    as: 'jake',
    status: 200,
    holds: ({ json }) =>
      assert.equal((json as { profile: { following: boolean } }).profile.following, false),
  },
]

export const reading: readonly Scenario[] = [
  feed('shows articles of those whom the caller follows', '', ({ articles, articlesCount }) => {
    assert.ok(articles.length > 0)
    assert.ok(articlesCount >= articles.length)
    assert.ok(articles.every(({ author, body }) => author.following && body === undefined))
  }),
  feed('pages by limit and offset', '?limit=2&offset=1', ({ articles }) =>
    assert.equal(articles.length, 2),
  ),
  feed('answers an empty page past the end', '?offset=999999', ({ articles }) =>
    assert.equal(articles.length, 0),
  ),
  feed('takes a limit of nothing at its word', '?limit=0', ({ articles, articlesCount }) => {
    assert.equal(articles.length, 0)
    assert.ok(articlesCount > 0)
  }),
  ...[
    ['a limit that is no number', '?limit=ten'],
    ['a negative limit', '?limit=-1'],
    ['a limit that is a list', '?limit[]=5'],
    ['an offset below nothing', '?offset=-1'],
    ['an offset that is half a number', '?offset=1.5'],
  ].map(([what, query = '']) =>
    feed(`takes the default for ${what}`, query, ({ articles, articlesCount }) =>
      assert.equal(articles.length, Math.min(20, articlesCount)),
    ),
  ),
  feed('caps a huge limit', '?limit=99999999999999999999', ({ articles, articlesCount }) =>
    assert.equal(articles.length, Math.min(100, articlesCount)),
  ),
  feed('knows no filter', '?author=jake&limit=1', ({ articles }) =>
    assert.equal(articles.length, 1),
  ),
  comments,
  { ...comments, title: 'lists them for somebody signed in', as: 'jake' },
  { ...comments, title: 'shows a bad token what everybody sees', as: 'nobody' },
  ...again,
]
