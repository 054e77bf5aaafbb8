/** The rewritten Conduit API. Runs alone (server.ts) and inside whoever calls `createApp`. */
import Router from '@koa/router'
import Koa from 'koa'
import { openDatabase } from '../migrations/open-database.ts'
import { answerErrors, notFound } from './api-error.ts'
import { getArticle } from './articles/get.ts'
import { listArticles } from './articles/list.ts'
import { createCallers } from './callers.ts'
import { matchDecodedPath } from './legacy-text.ts'
import { defineModels } from './models.ts'
import type { Parts } from './parts.ts'
import { getProfile } from './profiles/get.ts'
import { getStats } from './stats/get.ts'
import { listTags } from './tags/list.ts'

export interface AppIo {
  /** Default: the URL in `DATABASE_URL`, with the driver that belongs to it. */
  readonly database?: { readonly url?: string; readonly dialectModule?: object }
  /** For calls to other services; this API makes none. */
  readonly fetch?: typeof fetch
  /** Whether the answer is the client's or is only compared with it. */
  readonly role: 'primary' | 'shadow'
}

export interface ConduitApp {
  /** Failures that were answered with 500 are told to its `error` event. */
  readonly app: Koa
  /** Rejects while the database cannot be reached. */
  ready(): Promise<void>
  /** Closes the connections to the database. */
  close(): Promise<void>
}

/** Layers are named like the route ids. */
const createRouter = (parts: Parts): Router =>
  new Router({ strict: true, sensitive: true })
    .get('articles.list', '/api/articles', listArticles(parts))
    .get('articles.get', '/api/articles/:slug', getArticle(parts))
    .get('profiles.get', '/api/profiles/:username', getProfile(parts))
    .get('stats.get', '/api/stats', getStats(parts))
    .get('tags.list', '/api/tags', listTags(parts))

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Connects at the first request. Throws a TypeError when no usable database URL is given.
 *
 * @param env `JWT_SECRET`, the key of the tokens; `DATABASE_URL`, unless `io` brings one
 */
export const createApp = (io: AppIo, env: Environment = process.env): ConduitApp => {
  const { DATABASE_URL, JWT_SECRET } = env
  const { url = DATABASE_URL, ...driver } = io.database ?? {}
  if (url === undefined) {
    throw new TypeError('DATABASE_URL is not set: write sqlite:/absolute/file.db or mysql://…')
  }
  const database = openDatabase(url, driver)
  const models = defineModels(database)
  const callers = createCallers({ users: models.User, secret: JWT_SECRET, now: Date.now })
  const app = new Koa()
  app.use(answerErrors)
  app.use(matchDecodedPath)
  app.use(createRouter({ database, models, callers }).routes())
  app.use(() => {
    throw notFound('route')
  })
  return { app, ready: () => database.authenticate(), close: () => database.close() }
}
