import type { RouterMiddleware } from '@koa/router'
import type { Sequelize } from 'sequelize'
import type { Callers } from './callers.ts'
import type { Models } from './models.ts'

/** What handlers are made of; each takes what it needs. */
export interface Parts {
  readonly database: Sequelize
  readonly models: Models
  readonly callers: Callers
}

/** Reads the context, sets its body, or throws an ApiError. */
export type Handler = RouterMiddleware
