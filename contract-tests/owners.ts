import type { Scenario } from './scenarios/scenario.ts'

/** Routes that the Ruby legacy owns; PHP owns the rest. */
const rubys = new Set(['users.login', 'user.get', 'profiles.get'])

/** Routes with a handler in routes/. */
export const rewritten = [
  'articles.list',
  'articles.get',
  'tags.list',
  'profiles.get',
  'stats.get',
] as const

export const isRewritten = ({ route }: Scenario): boolean =>
  (rewritten as readonly string[]).includes(route)

export const ownedByRuby = ({ route }: Scenario): boolean => rubys.has(route)
