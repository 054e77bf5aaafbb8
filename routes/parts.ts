import type { RouterMiddleware } from '@koa/router'
import type { Sequelize } from 'sequelize'
import type { Callers } from './callers.ts'
import type { Models } from './models.ts'
import type { Passwords } from './passwords.ts'
import type { Tokens } from './tokens.ts'

/** What handlers are made of; each takes what it needs. */
export interface Parts {
  readonly database: Sequelize
  readonly models: Models
  readonly callers: Callers
  readonly passwords: Passwords
  readonly tokens: Tokens
  /** The time as the database keeps it: `YYYY-MM-DD HH:MM:SS`, UTC. */
  now(): string
}

/** Reads the context, sets its body, or throws an ApiError. */
export type Handler = RouterMiddleware
