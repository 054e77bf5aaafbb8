import type { Scenario } from './scenarios/scenario.ts'

/** Routes that the Ruby legacy owns; PHP owns the rest. */
const rubys: ReadonlySet<string> = new Set([
  'users.login',
  'users.create',
  'user.get',
  'user.update',
  'profiles.get',
  'profiles.follow',
  'profiles.unfollow',
  'account',
  'account.events',
  'account.live',
])

/** Routes with a handler in routes/. */
export const rewritten = [
  'articles.list',
  'articles.feed',
  'articles.create',
  'articles.get',
  'articles.update',
  'articles.delete',
  'comments.list',
  'comments.create',
  'comments.delete',
  'favorites.add',
  'favorites.remove',
  'profiles.get',
  'profiles.follow',
  'profiles.unfollow',
  'stats.get',
  'tags.list',
  'user.get',
  'user.update',
  'users.create',
  'users.login',
] as const

export const isRewritten = ({ route }: Scenario): boolean =>
  (rewritten as readonly string[]).includes(route)

export const ownedByRuby = ({ route }: Scenario): boolean => rubys.has(route)
