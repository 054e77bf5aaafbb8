/** The rewritten Conduit: its API and, over the legacy's sessions, its pages. Runs alone (server.ts) and inside whoever calls `createApp`. */
import Router from '@koa/router'
import Koa from 'koa'
import { openDatabase } from '../migrations/open-database.ts'
import { answerErrors, notFound } from './api-error.ts'
import { createArticle } from './articles/create.ts'
import { deleteArticle } from './articles/delete.ts'
import { feedArticles } from './articles/feed.ts'
import { getArticle } from './articles/get.ts'
import { listArticles } from './articles/list.ts'
import { updateArticle } from './articles/update.ts'
import { createCallers } from './callers.ts'
import { createComment } from './comments/create.ts'
import { deleteComment } from './comments/delete.ts'
import { listComments } from './comments/list.ts'
import { databaseTime } from './database-time.ts'
import { describeApi } from './docs/document.ts'
import { sendDocument } from './docs/openapi.ts'
import { showPage } from './docs/page.ts'
import { addFavorite } from './favorites/add.ts'
import { removeFavorite } from './favorites/remove.ts'
import { matchDecodedPath } from './legacy-text.ts'
import { defineModels } from './models.ts'
import type { Parts } from './parts.ts'
import { createPasswords } from './passwords.ts'
import { followProfile } from './profiles/follow.ts'
import { getProfile } from './profiles/get.ts'
import { unfollowProfile } from './profiles/unfollow.ts'
import type { SessionReader } from './site/sessions.ts'
import { createSite } from './site/site.ts'
import { getStats } from './stats/get.ts'
import { listTags } from './tags/list.ts'
import { createTokens } from './tokens.ts'
import { createUser } from './users/create.ts'
import { getUser } from './users/get.ts'
import { loginUser } from './users/login.ts'
import { updateUser } from './users/update.ts'

export interface AppIo {
  /** Default: the URL in `DATABASE_URL`, with the driver that belongs to it. */
  readonly database?: { readonly url?: string; readonly dialectModule?: object }
  /** For calls to other services; this API makes none. */
  readonly fetch?: typeof fetch
  /** Whether the answer is the client's or is only compared with it. */
  readonly role: 'primary' | 'shadow'
  /** Finds the sessions that pages share with the legacy; without it there are no pages. */
  readonly sessions?: SessionReader
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
const createApiRouter = (parts: Parts): Router =>
  new Router({ strict: true, sensitive: true })
    .get('articles.list', '/api/articles', listArticles(parts))
    .get('articles.feed', '/api/articles/feed', feedArticles(parts))
    .post('articles.create', '/api/articles', createArticle(parts))
    .get('articles.get', '/api/articles/:slug', getArticle(parts))
    .put('articles.update', '/api/articles/:slug', updateArticle(parts))
    .delete('articles.delete', '/api/articles/:slug', deleteArticle(parts))
    .get('comments.list', '/api/articles/:slug/comments', listComments(parts))
    .post('comments.create', '/api/articles/:slug/comments', createComment(parts))
    .delete('comments.delete', '/api/articles/:slug/comments/:id', deleteComment(parts))
    .post('favorites.add', '/api/articles/:slug/favorite', addFavorite(parts))
    .delete('favorites.remove', '/api/articles/:slug/favorite', removeFavorite(parts))
    .get('profiles.get', '/api/profiles/:username', getProfile(parts))
    .post('profiles.follow', '/api/profiles/:username/follow', followProfile(parts))
    .delete('profiles.unfollow', '/api/profiles/:username/follow', unfollowProfile(parts))
    .get('stats.get', '/api/stats', getStats(parts))
    .get('tags.list', '/api/tags', listTags(parts))
    .get('user.get', '/api/user', getUser(parts))
    .put('user.update', '/api/user', updateUser(parts))
    .post('users.create', '/api/users', createUser(parts))
    .post('users.login', '/api/users/login', loginUser(parts))

/** The API, and what describes it. Pages are no part of either. */
const createRouter = (parts: Parts): Router => {
  const router = createApiRouter(parts)
  const document = describeApi(router)
  return router
    .get('docs.openapi', '/api/openapi.json', sendDocument(document))
    .get('docs.page', '/api/docs', showPage(document))
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Connects at the first request. Throws a TypeError when no usable database URL is given.
 *
 * @param env `JWT_SECRET`, the key of the tokens; `BCRYPT_COST`, default 10; `DATABASE_URL`, unless
 *   `io` brings one
 */
export const createApp = (io: AppIo, env: Environment = process.env): ConduitApp => {
  const { DATABASE_URL, JWT_SECRET: secret, BCRYPT_COST } = env
  const { url = DATABASE_URL, ...driver } = io.database ?? {}
  if (url === undefined) {
    throw new TypeError('DATABASE_URL is not set: write sqlite:/absolute/file.db or mysql://…')
  }
  const database = openDatabase(url, driver)
  const models = defineModels(database)
  const tokens = createTokens({ secret, now: Date.now })
  const parts: Parts = {
    database,
    models,
    tokens,
    callers: createCallers({ users: models.User, tokens }),
    passwords: createPasswords(BCRYPT_COST),
    now: () => databaseTime(Date.now()),
  }
  const app = new Koa()
  const site = io.sessions === undefined ? null : createSite(parts, io.sessions)
  app.use(answerErrors)
  if (site !== null) app.use(site.answerErrors)
  app.use(matchDecodedPath)
  app.use(createRouter(parts).routes())
  if (site !== null) app.use(site.router.routes())
  app.use(() => {
    throw notFound('route')
  })
  return { app, ready: () => database.authenticate(), close: () => database.close() }
}
