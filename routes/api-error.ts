import type { Middleware } from 'koa'

/** Field → what is wrong with it: the shape in which every error of this API is answered. */
export type ErrorMessages = Readonly<Record<string, readonly string[]>>

/** Thrown by a handler that cannot go on; `answerErrors` makes the answer of it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly errors: ErrorMessages

  constructor(status: number, errors: ErrorMessages) {
    super(`${status} ${JSON.stringify(errors)}`)
    this.status = status
    this.errors = errors
  }
}

export const notFound = (what: string): ApiError => new ApiError(404, { [what]: ['not found'] })

/** It is there, but it is somebody else's. */
export const forbidden = (what: string): ApiError => new ApiError(403, { [what]: ['forbidden'] })

/** What was sent is understood, but cannot be taken. */
export const invalid = (errors: ErrorMessages): ApiError => new ApiError(422, errors)

/** The outermost middleware. What is no ApiError is told to the app's `error` event, not to the client. */
export const answerErrors: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const isOurs = error instanceof ApiError
    if (!isOurs) ctx.app.emit('error', error, ctx)
    ctx.status = isOurs ? error.status : 500
    ctx.body = { errors: isOurs ? error.errors : { server: ['failed'] } }
  }
}
