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

/** Routes of the API with a handler in routes/. */
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

/** Pages with a handler in routes/site/, which Banyan cannot reach while nobody hands in sessions. */
const rewrittenPages: ReadonlySet<string> = new Set([
  'home.show',
  'article.show',
  'settings.show',
  'settings.save',
])

/** One of those whose handler Banyan reaches. */
export const isRewritten = ({ route }: Scenario): boolean =>
  (rewritten as readonly string[]).includes(route)

export const isRewrittenPage = ({ route }: Scenario): boolean => rewrittenPages.has(route)

export const ownedByRuby = ({ route }: Scenario): boolean => rubys.has(route)
