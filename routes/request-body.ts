/** What a client sends, read as the legacy reads it: as JSON, whatever the Content-Type says. */
import { Buffer } from 'node:buffer'
import type { Context } from 'koa'
import { ApiError } from './api-error.ts'

/** PHP's own limit, `post_max_size`. */
const mostBytes = 8 * 1024 * 1024

const tooLarge = (): ApiError => new ApiError(413, { body: ['is too large'] })

/** Throws a 413 for more than 8 MiB. */
export const readBytes = async (ctx: Context): Promise<Buffer> => {
  if ((ctx.request.length ?? 0) > mostBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let length = 0
  // Destroying the request would take the connection along, and the answer with it.
  for await (const chunk of ctx.req.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length > mostBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const halfPair = /\p{Surrogate}/u

/** Half a surrogate pair is no character: PHP takes no text with one, and no database keeps it. */
const refuseHalves = (key: string, value: unknown): unknown => {
  if (!halfPair.test(key) && (typeof value !== 'string' || !halfPair.test(value))) return value
  throw new SyntaxError('half a surrogate pair')
}

/** Throws a 400 for what is no JSON or no UTF-8, a 413 for more than 8 MiB. */
export const readJson = async (ctx: Context): Promise<unknown> => {
  const bytes = await readBytes(ctx)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return JSON.parse(text, refuseHalves)
  } catch {
    throw new ApiError(400, { body: ['is not valid JSON'] })
  }
}
