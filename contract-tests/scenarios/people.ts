import assert from 'node:assert/strict'
import type { Scenario } from './scenario.ts'

const login = (title: string, body: unknown, status: number): Scenario => ({
  route: 'users.login',
  title,
  method: 'POST',
  url: '/api/users/login',
  body,
  status,
})

const profile = (title: string, name: string, status: number): Scenario => ({
  route: 'profiles.get',
  title,
  url: `/api/profiles/${name}`,
  status,
})

export const people: readonly Scenario[] = [
  {
    ...login(
      'signs in with email and password',
      { user: { email: 'jake@example.com', password: 'jakejake' } },
      200,
    ),
    differs: ['token'],
    holds: ({ json }) => {
      const { user } = json as { user: { username: string; token: string } }
      assert.equal(user.username, 'jake')
      assert.equal(user.token.split('.').length, 3)
    },
  },
  login('refuses a wrong password', { user: { email: 'jake@example.com', password: 'no' } }, 401),
  login('refuses somebody unknown', { user: { email: 'x@example.com', password: 'no' } }, 401),
  login('takes texts in any script', { user: { email: 'ж@例え.jp', password: 'пароль😀' } }, 401),
  login('asks for what is blank', { user: { email: '' } }, 422),
  login('asks for everything when nothing was sent', {}, 422),
  {
    route: 'user.get',
    title: 'shows the caller',
    url: '/api/user',
    as: 'jake',
    status: 200,
    differs: ['token'],
    holds: ({ json }) =>
      assert.equal((json as { user: { email: string } }).user.email, 'jake@example.com'),
  },
  { route: 'user.get', title: 'wants a token', url: '/api/user', status: 401 },
  { route: 'user.get', title: 'refuses a bad token', url: '/api/user', as: 'nobody', status: 401 },
  {
    ...profile('shows a profile', 'jake', 200),
    holds: ({ json }) =>
      assert.equal((json as { profile: { following: boolean } }).profile.following, false),
  },
  { ...profile('shows a profile to somebody signed in', 'jake', 200), as: 'jake' },
  {
    ...profile('answers 404 for somebody unknown', 'nobody-here', 404),
    holds: ({ json }) => assert.deepEqual(json, { errors: { profile: ['not found'] } }),
  },
  { ...profile('shows a bad token what everybody sees', 'jake', 200), as: 'nobody' },
  profile('answers 404 for a name in another script', encodeURIComponent('ж 😀'), 404),
  profile('answers 404 for a name with quotes', "o'reilly%22", 404),
]
