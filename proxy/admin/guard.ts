/** What stands before every handler of the admin listener. */
import type { Context, Middleware } from '../edge/koa.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import { isHostAllowed } from './admin-address.ts'
import { AdminError, isAdminError } from './admin-errors.ts'
import { answerProblem, safeHeaders } from './answer.ts'

/** Safe headers on every answer; every error as a problem; an unknown one told without its text. */
export const answerErrors =
  (metrics: Metrics): Middleware =>
  async (ctx, next) => {
    ctx.set(safeHeaders)
    try {
      await next()
      if (ctx.status === 404 && !ctx.body) {
        throw new AdminError('not_found', 'No such path on this listener.')
      }
      if (ctx.status === 405 || ctx.status === 501) {
        throw new AdminError('method_not_allowed', 'This path has other methods.')
      }
    } catch (error) {
      if (isAdminError(error)) return answerProblem(ctx, error)
      metrics.internalError('admin', error)
      answerProblem(ctx, new AdminError('admin_failed', 'Something went wrong inside.'))
    }
  }

/** Refuses requests that name another host: against DNS rebinding. */
export const checkHost =
  (configured: string): Middleware =>
  (ctx, next) => {
    if (isHostAllowed(ctx.req.headers.host, configured)) return next()
    throw new AdminError('host_not_allowed', 'The Host header names another machine.')
  }

const isSameOrigin = (ctx: Context): boolean => {
  const { origin, host } = ctx.req.headers
  const site = ctx.req.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return origin === undefined || origin === `http://${host}`
}

/** Refuses changes that a page of another origin asks a browser to make. */
export const checkOrigin: Middleware = (ctx, next) => {
  const reads = ctx.method === 'GET' || ctx.method === 'HEAD' || ctx.method === 'OPTIONS'
  if (reads || isSameOrigin(ctx)) return next()
  throw new AdminError('cross_origin', 'The browser says that another origin asks.')
}
