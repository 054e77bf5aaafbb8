import assert from 'node:assert/strict'
import type { Scenario } from './scenario.ts'

const blank = ["can't be blank"]
const taken = ['has already been taken']
const wrong = ['is not valid']
const short = ['is too short (minimum is 8 characters)']
const long = (most: string): string[] => [`is too long (maximum is ${most})`]

/** What is sent, and what is said about it, field by field. */
type Mistake = readonly [string, unknown, object]

const texts = { title: 't', description: 'd', body: 'b' }
const user = { username: 'somebody-else', email: 'else@example.com', password: '12345678' }

const newArticles: readonly Mistake[] = [
  ['nothing', {}, { title: blank, description: blank, body: blank }],
  ['a list', [], { title: blank, description: blank, body: blank }],
  ['a text', '"article"', { title: blank, description: blank, body: blank }],
  [
    'an article that is a list',
    { article: [texts] },
    { title: blank, description: blank, body: blank },
  ],
  ['white space', { article: { ...texts, title: ' \n\u00a0\u3000\ufeff' } }, { title: blank }],
  [
    'what is no text',
    { article: { ...texts, title: 7, body: ['b'] } },
    { title: blank, body: blank },
  ],
  [
    'a long title',
    { article: { ...texts, title: '😀'.repeat(256) } },
    { title: long('255 characters') },
  ],
  [
    'a long description',
    { article: { ...texts, description: 'ж'.repeat(32_768) } },
    { description: long('65535 bytes') },
  ],
  ['tags that are a text', { article: { ...texts, tagList: 'a,b' } }, { tagList: wrong }],
  ['tags that are null', { article: { ...texts, tagList: null } }, { tagList: wrong }],
  ['tags that are no texts', { article: { ...texts, tagList: ['a', 1e21] } }, { tagList: wrong }],
  ['tags that are an object', { article: { ...texts, tagList: { 0: 'a' } } }, { tagList: wrong }],
  ['a long tag', { article: { ...texts, tagList: ['x'.repeat(256)] } }, { tagList: wrong }],
]

const articleChanges: readonly Mistake[] = [
  ['an empty title', { article: { title: '' } }, { title: blank }],
  ['a title that is null', { article: { title: null, body: 'b' } }, { title: blank }],
  ['a number', '{"article":{"body":9007199254740993}}', { body: blank }],
]

const newComments: readonly Mistake[] = [
  ['nothing', {}, { body: blank }],
  ['white space', { comment: { body: '\t\u2028' } }, { body: blank }],
  ['a long text', { comment: { body: 'x'.repeat(65_536) } }, { body: long('65535 bytes') }],
]

const newUsers: readonly Mistake[] = [
  ['nothing', {}, { username: blank, email: blank, password: blank }],
  ['white space', { user: { ...user, username: ' \u00a0' } }, { username: blank }],
  ['what is no email', { user: { ...user, email: 'else' } }, { email: wrong }],
  ['a short password', { user: { ...user, password: '😀234567' } }, { password: short }],
  ['a password with a NUL', { user: { ...user, password: '1234567\0' } }, { password: wrong }],
  [
    'a long name',
    { user: { ...user, username: 'ж'.repeat(256) } },
    { username: long('255 characters') },
  ],
  ['a name that is taken', { user: { ...user, username: 'jake' } }, { username: taken }],
  ['an email that is taken', { user: { ...user, email: 'jake@example.com' } }, { email: taken }],
  [
    'both, and looks at what else is wrong first',
    { user: { username: 'jake', email: 'jake@example.com', password: 'x' } },
    { password: short },
  ],
]

const userChanges: readonly Mistake[] = [
  ['an empty name', { user: { username: '' } }, { username: blank }],
  ['an email that is null', { user: { email: null } }, { email: blank }],
  ['a bio that is no text', { user: { bio: 7, image: {} } }, { bio: wrong, image: wrong }],
  ['a long bio', { user: { bio: 'ж'.repeat(32_768) } }, { bio: long('65535 bytes') }],
  ['a long image', { user: { image: 'x'.repeat(1001) } }, { image: long('1000 characters') }],
]

const refuse = (
  request: Pick<Scenario, 'route' | 'method' | 'url' | 'as'>,
  mistakes: readonly Mistake[],
): Scenario[] =>
  mistakes.map(([what, body, errors]) => ({
    ...request,
    title: `answers 422 to ${what}`,
    body,
    status: 422,
    holds: ({ json }) => assert.deepEqual(json, { errors }),
  }))

export const mistakes: readonly Scenario[] = [
  ...refuse(
    { route: 'articles.create', method: 'POST', url: '/api/articles', as: 'jake' },
    newArticles,
  ),
  ...refuse(
    { route: 'articles.update', method: 'PUT', url: '/api/articles/{own}', as: 'jake' },
    articleChanges,
  ),
  ...refuse(
    {
      route: 'comments.create',
      method: 'POST',
      url: '/api/articles/{slug}/comments',
      as: 'jake',
    },
    newComments,
  ),
  ...refuse({ route: 'users.create', method: 'POST', url: '/api/users' }, newUsers),
  ...refuse({ route: 'user.update', method: 'PUT', url: '/api/user', as: 'jake' }, userChanges),
  {
    ...{ route: 'profiles.follow', method: 'POST', url: '/api/profiles/jake/follow', as: 'jake' },
    title: 'lets nobody follow himself',
    status: 422,
    holds: ({ json }) => assert.deepEqual(json, { errors: { username: wrong } }),
  },
]
