import type { Journey, Step } from './journey.ts'
import { follow, logIn, missing, register, write } from './steps.ts'

const article = {
  title: 'Bánh mì & <b>bread</b> {run}',
  description: '"quoted", a/b, \\',
  body: 'First line\n\nПривет 你好 😀 {run}',
  tagList: ['tag {run}', 'тег {run}'],
}

const comment: Step = {
  title: 'bob comments',
  request: 'POST /api/articles/{slug}/comments',
  as: 'bob',
  body: { comment: { body: '<i>nice</i> & good\n😀' } },
  status: 200,
  shows: { comment: { body: '<i>nice</i> & good\n😀', author: { username: 'bob-{run}' } } },
  keeps: { comment: 'comment.id' },
}

const favorite: Step = {
  title: 'bob favors it',
  request: 'POST /api/articles/{slug}/favorite',
  as: 'bob',
  status: 200,
  shows: { article: { favorited: true, favoritesCount: 1, body: article.body } },
}

const unfavor: Step = {
  title: 'bob favors it no more',
  request: 'DELETE /api/articles/{slug}/favorite',
  as: 'bob',
  status: 200,
  shows: { article: { favorited: false, favoritesCount: 0 } },
}

const feed = (title: string, articles: readonly object[]): Step => ({
  title,
  request: 'GET /api/articles/feed',
  as: 'bob',
  status: 200,
  shows: { articles, articlesCount: articles.length },
})

const seenByBob = {
  slug: '{slug}',
  favorited: true,
  favoritesCount: 1,
  author: { username: 'anna-{run}', following: true },
}

const reading: readonly Step[] = [
  {
    title: 'a stranger finds it by its tag',
    request: 'GET /api/articles?tag=тег {run}',
    status: 200,
    shows: {
      articles: [{ slug: '{slug}', favorited: false, author: { following: false } }],
      articlesCount: 1,
    },
  },
  {
    title: 'a stranger finds it by who favors it',
    request: 'GET /api/articles?favorited=bob-{run}&author=anna-{run}',
    status: 200,
    shows: { articles: [{ slug: '{slug}', favoritesCount: 1 }], articlesCount: 1 },
  },
  {
    title: 'anna sees what bob says, and does not follow him',
    request: 'GET /api/articles/{slug}/comments',
    as: 'anna',
    status: 200,
    shows: { comments: [{ body: '<i>nice</i> & good\n😀', author: { following: false } }] },
  },
]

const rename: readonly Step[] = [
  {
    title: 'anna gives it another title',
    request: 'PUT /api/articles/{slug}',
    as: 'anna',
    body: { article: { title: 'Другое название {run}', body: 'shorter' } },
    status: 200,
    shows: {
      article: {
        slug: 'другое-название-{run}',
        description: article.description,
        body: 'shorter',
        tagList: article.tagList,
        favoritesCount: 1,
      },
    },
    keeps: { slug: 'article.slug' },
  },
  missing('nobody finds it by its old address', 'GET /api/articles/bánh-mì-b-bread-b-{run}', {
    what: 'article',
  }),
]

const ending: readonly Step[] = [
  {
    title: 'anna may not delete what bob said',
    request: 'DELETE /api/articles/{slug}/comments/{comment}',
    as: 'anna',
    status: 403,
    shows: { errors: { comment: ['forbidden'] } },
  },
  {
    title: 'bob deletes it himself',
    request: 'DELETE /api/articles/{slug}/comments/{comment}',
    as: 'bob',
    status: 204,
  },
  missing('it is gone', 'DELETE /api/articles/{slug}/comments/{comment}', {
    what: 'comment',
    as: 'bob',
  }),
  comment,
  {
    title: 'anna deletes the article',
    request: 'DELETE /api/articles/{slug}',
    as: 'anna',
    status: 204,
  },
  missing('its comments went along', 'GET /api/articles/{slug}/comments', { what: 'article' }),
  feed('and bob’s feed is empty', []),
]

export const publishing: Journey = {
  title: 'an article from its first word to its last',
  steps: [
    register('anna'),
    logIn('anna'),
    register('bob'),
    write('anna', article),
    comment,
    favorite,
    { ...favorite, title: 'bob favors it again' },
    feed('bob’s feed is empty before he follows anybody', []),
    follow('bob', 'anna'),
    follow('bob', 'anna'),
    feed('bob’s feed has the article', [seenByBob]),
    ...reading,
    ...rename,
    feed('bob’s feed has it by its new address', [seenByBob]),
    unfavor,
    { ...unfavor, title: 'bob stops again' },
    ...ending,
  ],
}
