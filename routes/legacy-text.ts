/**
 * Text out of a URL as the legacy reads it. PHP and Ruby decode the path before they match it, and
 * PHP fills $_GET by rules of its own; clients have come to rely on both.
 */
import { Buffer, isUtf8 } from 'node:buffer'
import type { Middleware } from 'koa'
import { notFound } from './api-error.ts'

/** Percent-decodes once; null for what is no UTF-8. A `%` without two digits stands for itself. */
const decode = (text: string): string | null => {
  const latin1 = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  const bytes = Buffer.from(latin1, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : null
}

const decodeField = (text: string): string | null => decode(text.replaceAll('+', ' '))

/** Whether a field of the query fills `$_GET[name]`, as text or (`tag[]`, `tag[x]`) as an array. */
const fills = (field: string, name: string): 'text' | 'array' | null => {
  if (field === name) return 'text'
  return field.startsWith(`${name}[`) && field.includes(']') ? 'array' : null
}

/**
 * One parameter of a query string as `$_GET` would have it (PHP manual, parse_str): the last of
 * several wins. Null when absent, empty, an array, or no UTF-8.
 */
export const queryText = (query: string, name: string): string | null => {
  let found: string | null = null
  for (const part of query.split('&')) {
    const equals = part.indexOf('=')
    const field = decodeField(equals < 0 ? part : part.slice(0, equals))?.trimStart() ?? ''
    const kind = fills(field, name)
    if (kind === 'array') found = null
    if (kind === 'text') found = equals < 0 ? null : decodeField(part.slice(equals + 1))
  }
  return found === '' ? null : found
}

/** A whole number from 0 to `most`, larger ones cut down to it; anything else is the default. */
export const queryNumber = (
  query: string,
  name: string,
  { otherwise, most }: { otherwise: number; most: number },
): number => {
  const text = queryText(query, name)
  return text !== null && /^\d+$/.test(text) ? Math.min(Number(text), most) : otherwise
}

/**
 * Lets the router see the path that the legacy matches: decoded, so that `%2F` is a slash and
 * `/%61pi` is `/api`, then encoded again segment by segment. Throws a 404 for what is no UTF-8.
 */
export const matchDecodedPath: Middleware = (ctx, next) => {
  const decoded = decode(ctx.path)
  if (decoded === null) throw notFound('route')
  ctx.path = decoded.split('/').map(encodeURIComponent).join('/')
  return next()
}
