/** Steps that many journeys take. */
import type { Step } from './journey.ts'

const emailOf = (name: string): string => `${name}-{run}@example.com`

/** Registers `NAME-{run}`, and keeps the token as `NAME`. Everybody's password is `secret {run}`. */
export const register = (name: string): Step => ({
  title: `${name} registers`,
  request: 'POST /api/users',
  body: { user: { username: `${name}-{run}`, email: emailOf(name), password: 'secret {run}' } },
  status: 201,
  shows: { user: { username: `${name}-{run}`, email: emailOf(name), bio: null, image: null } },
  keeps: { [name]: 'user.token' },
})

export const logIn = (name: string, password: string = 'secret {run}'): Step => ({
  title: `${name} logs in`,
  request: 'POST /api/users/login',
  body: { user: { email: emailOf(name), password } },
  status: 200,
  shows: { user: { email: emailOf(name) } },
  keeps: { [name]: 'user.token' },
})

/** Writes an article, and keeps its slug as `slug`. */
export const write = (name: string, article: Readonly<Record<string, unknown>>): Step => ({
  title: `${name} writes "${article.title}"`,
  request: 'POST /api/articles',
  as: name,
  body: { article },
  status: 201,
  shows: { article: { ...article, favorited: false, favoritesCount: 0 } },
  keeps: { slug: 'article.slug' },
})

export const follow = (name: string, whom: string): Step => ({
  title: `${name} follows ${whom}`,
  request: `POST /api/profiles/${whom}-{run}/follow`,
  as: name,
  status: 200,
  shows: { profile: { username: `${whom}-{run}`, following: true } },
})

/** What everybody is told of what is not there. */
export const missing = (
  title: string,
  request: Step['request'],
  { what, as }: { what: string; as?: string },
): Step => ({
  title,
  request,
  status: 404,
  shows: { errors: { [what]: ['not found'] } },
  ...(as === undefined ? {} : { as }),
})
