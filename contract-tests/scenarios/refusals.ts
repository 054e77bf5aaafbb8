import assert from 'node:assert/strict'
import type { Scenario } from './scenario.ts'

type Method = NonNullable<Scenario['method']>

/** Route → its request, for what only somebody signed in may do. */
const guarded: Readonly<Record<string, readonly [Method, string]>> = {
  'articles.feed': ['GET', '/api/articles/feed'],
  'articles.create': ['POST', '/api/articles'],
  'articles.update': ['PUT', '/api/articles/{slug}'],
  'articles.delete': ['DELETE', '/api/articles/{slug}'],
  'comments.create': ['POST', '/api/articles/{slug}/comments'],
  'comments.delete': ['DELETE', '/api/articles/{slug}/comments/{comment}'],
  'favorites.add': ['POST', '/api/articles/{slug}/favorite'],
  'favorites.remove': ['DELETE', '/api/articles/{slug}/favorite'],
  'user.update': ['PUT', '/api/user'],
  'profiles.follow': ['POST', '/api/profiles/{other}/follow'],
  'profiles.unfollow': ['DELETE', '/api/profiles/{other}/follow'],
}

/** The same for what jake finds missing, whatever he sends. */
const missing: readonly (readonly [string, Method, string, string])[] = [
  ['articles.update', 'PUT', '/api/articles/none', 'article'],
  ['articles.delete', 'DELETE', '/api/articles/none', 'article'],
  ['comments.list', 'GET', '/api/articles/none/comments', 'article'],
  ['comments.create', 'POST', '/api/articles/none/comments', 'article'],
  ['comments.delete', 'DELETE', '/api/articles/none/comments/{comment}', 'article'],
  ['comments.delete', 'DELETE', '/api/articles/{slug}/comments/0', 'comment'],
  ['comments.delete', 'DELETE', '/api/articles/{slug}/comments/one', 'comment'],
  ['comments.delete', 'DELETE', '/api/articles/{slug}/comments/18446744073709551617', 'comment'],
  ['favorites.add', 'POST', '/api/articles/none/favorite', 'article'],
  ['favorites.remove', 'DELETE', '/api/articles/none/favorite', 'article'],
  ['profiles.follow', 'POST', '/api/profiles/nobody-here/follow', 'profile'],
  ['profiles.unfollow', 'DELETE', '/api/profiles/nobody-here/follow', 'profile'],
  ['profiles.unfollow', 'DELETE', '/api/profiles/JAKE/follow', 'profile'],
]

/** The same, asked for in another script. */
const missingElsewhere = missing
  .filter(([, , url]) => /none|nobody-here/.test(url))
  .map(([route, method, url, what]) => {
    const path = url.replace(/none|nobody-here/, encodeURIComponent('нет 😀'))
    return [route, method, path, what] as const
  })

const foreign: readonly (readonly [string, Method, string, string])[] = [
  ['articles.update', 'PUT', '/api/articles/{slug}', 'article'],
  ['articles.delete', 'DELETE', '/api/articles/{slug}', 'article'],
  ['comments.delete', 'DELETE', '/api/articles/{slug}/comments/{comment}', 'comment'],
]

const withBody: readonly (readonly [string, Method, string])[] = [
  ['articles.create', 'POST', '/api/articles'],
  ['articles.update', 'PUT', '/api/articles/{own}'],
  ['comments.create', 'POST', '/api/articles/{slug}/comments'],
  ['users.create', 'POST', '/api/users'],
  ['user.update', 'PUT', '/api/user'],
  ['users.login', 'POST', '/api/users/login'],
]

/** Two bytes more than 8 MiB. */
const tooLarge = `"${'x'.repeat(8 * 1024 * 1024)}"`

/** What cannot be read is sent along: who is refused for another reason is not told of it. */
const junk = (method: Method): Pick<Scenario, 'body'> => (method === 'GET' ? {} : { body: '{' })

const says =
  (errors: object): NonNullable<Scenario['holds']> =>
  ({ json }) =>
    assert.deepEqual(json, { errors })

export const refusals: readonly Scenario[] = [
  ...Object.entries(guarded).flatMap(([route, [method, url]]): Scenario[] => {
    const request = { route, method, url, status: 401, ...junk(method) }
    return [
      { ...request, title: 'wants a token', holds: says({ token: ['is missing'] }) },
      {
        ...request,
        title: 'refuses a bad token',
        as: 'nobody',
        holds: says({ token: ['is invalid'] }),
      },
    ]
  }),
  ...[...missing, ...missingElsewhere].map(
    ([route, method, url, what]): Scenario => ({
      ...{ route, method, url, as: 'jake', status: 404, ...junk(method) },
      title: `answers 404 for a missing ${what}: ${url}`,
      holds: says({ [what]: ['not found'] }),
    }),
  ),
  ...foreign.map(
    ([route, method, url, what]): Scenario => ({
      ...{ route, method, url, as: 'jake', status: 403, ...junk(method) },
      title: `answers 403 for somebody else's ${what}`,
      holds: says({ [what]: ['forbidden'] }),
    }),
  ),
  ...withBody.flatMap(([route, method, url]): Scenario[] => {
    const request = { route, method, url, as: 'jake', status: 400 } as const
    const holds = says({ body: ['is not valid JSON'] })
    return [
      {
        ...{ ...request, title: 'answers 413 to more than 8 MiB', body: tooLarge, status: 413 },
        holds: says({ body: ['is too large'] }),
      },
      { ...request, title: 'answers 400 to half of a JSON text', body: '{"article":', holds },
      { ...request, title: 'answers 400 to nothing', body: '', holds },
      {
        ...request,
        title: 'answers 400 to half a surrogate pair',
        body: '{"a":"\\ud800x"}',
        holds,
      },
      { ...request, title: 'answers 400 to a byte order mark', body: '\ufeff{}', holds },
    ]
  }),
]
