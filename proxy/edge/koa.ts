/** The one door to Koa: the edge's middleware chain, the admin's router, the handlers' framework. */
import Router from '@koa/router'
import Koa from 'koa'

export type { Context, Middleware } from 'koa'
export { Koa, Router }
