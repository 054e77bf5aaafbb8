/** The pages of the site, for whoever can read the legacy's sessions. */
import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { ApiError } from '../api-error.ts'
import type { Parts } from '../parts.ts'
import { articlePage } from './article.ts'
import { homePage } from './home.ts'
import { notFoundPage } from './not-found.ts'
import { saveSettings } from './save-settings.ts'
import type { SessionReader } from './sessions.ts'
import { settingsPage } from './settings.ts'
import { createVisits } from './visit.ts'

export interface Site {
  /** Layers are named like the route ids. */
  readonly router: Router
  /** Answers what fails outside of `/api/` with a page, not with JSON. */
  readonly answerErrors: Middleware
}

const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404

const fail = (ctx: Context, error: unknown): void => {
  ctx.app.emit('error', error, ctx)
  ctx.status = 500
  ctx.type = 'html'
  ctx.body = '<!DOCTYPE html><title>Error</title><h1>Something went wrong</h1>'
}

export const createSite = (parts: Parts, sessions: SessionReader): Site => {
  const visit = createVisits(parts, sessions)
  const showMissing = visit(() => notFoundPage)
  const router = new Router({ strict: true, sensitive: true })
    .get('home.show', '/', visit(homePage(parts)))
    .get('article.show', '/article/:slug', visit(articlePage(parts)))
    .get('settings.show', '/settings', visit(settingsPage))
    .post('settings.save', '/settings', visit(saveSettings(parts)))
  const findPage: Middleware = async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (ctx.path.startsWith('/api/') || !isMissing(error)) throw error
      await showMissing(ctx)
    }
  }
  return {
    router,
    async answerErrors(ctx, next) {
      try {
        await findPage(ctx, next)
      } catch (error) {
        if (ctx.path.startsWith('/api/')) throw error
        fail(ctx, error)
      }
    },
  }
}
