/** Reads the body of a change. */
import { Buffer } from 'node:buffer'
import type { Context } from '../edge/koa.ts'
import { AdminError } from './admin-errors.ts'

export type JsonObject = Readonly<Record<string, unknown>>

const limitBytes = 64 * 1024

/** What exceeds the limit is read to its end and let go: to break off would cut the answer as well. */
const readText = async (ctx: Context): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of ctx.req) {
    size += (chunk as Buffer).length
    if (size <= limitBytes) chunks.push(chunk as Buffer)
  }
  if (size > limitBytes) throw new AdminError('body_too_large', `${size} bytes came.`)
  return Buffer.concat(chunks).toString('utf8')
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new AdminError('invalid_json', 'The body does not parse.')
  }
}

/**
 * The body as an object; an empty body is an empty one. The content type is required even then: a
 * form or a script of another origin cannot send it without asking first.
 */
export const readJson = async (ctx: Context): Promise<JsonObject> => {
  const type = ctx.req.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') {
    throw new AdminError('json_required', 'The Content-Type is another one, or absent.')
  }
  const text = await readText(ctx)
  const value = text.trim() === '' ? {} : parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AdminError('invalid_json', 'The body is JSON, but no object.')
  }
  return value as JsonObject
}

/** A member that must be a string. */
export const stringOf = (body: JsonObject, name: string): string => {
  const value = body[name]
  if (typeof value === 'string') return value
  throw new AdminError('invalid_request', `"${name}" must be a string.`)
}
