/** The one form in which paths are compared with patterns. What is forwarded is never this form. */
import { Buffer } from 'node:buffer'

/** What keeps a path from being canonical as it stands: few requests have any of it. */
const unusual = /[%\u0080-\uffff]|\/\/|\/\.|^[^/]|^$/
const absoluteForm = /^[a-z][a-z\d+.-]*:\/\/[^/]*/i
/** UTF-8 sequences by the length that their first byte promises; at last, bytes that start none. */
const escapes =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}|%[\da-f]{2}/gi

const decodeEscape = (escaped: string): string => {
  try {
    return decodeURIComponent(escaped)
  } catch {
    return escaped.toUpperCase()
  }
}

/** Node reads a request line as latin1: one character is one byte. Typed text is UTF-8. */
const escapeBytes = (text: string): string =>
  Buffer.from(text, /[\u0100-\uffff]/.test(text) ? 'utf8' : 'latin1')
    .toString('latin1')
    .replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)

/** RFC 3986 §5.2.4, empty segments gone first. What climbs above the root stays at the root. */
const resolveDots = (path: string): string => {
  const given = path.split('/')
  const kept: string[] = []
  for (const segment of given) {
    if (segment === '..') kept.pop()
    else if (segment !== '.' && segment !== '') kept.push(segment)
  }
  const isDirectory = /^\.{0,2}$/.test(given.at(-1) ?? '') && kept.length > 0
  return `/${kept.join('/')}${isDirectory ? '/' : ''}`
}

/** The path of a request target as it came: query, fragment and absolute form cut off. */
const pathOf = (url: string): string => {
  const end = url.search(/[?#]/)
  return (end === -1 ? url : url.slice(0, end)).replace(absoluteForm, '')
}

/** The path of a request target as it came, in ASCII: what stands above it written as escapes. */
export const escapedPath = (url: string): string => escapeBytes(pathOf(url))

/** Escapes decoded once, as UTF-8; what is none becomes an upper-case escape. */
export const decodeEscapes = (text: string): string => text.replace(escapes, decodeEscape)

/**
 * The path of a request target, canonical: query and fragment cut, absolute form taken off, escapes
 * decoded once, `//` collapsed, dot segments resolved, in this order. Starts with `/`; never throws.
 *
 * - An escaped slash separates like a plain one, as in nginx's `location`; `%252F` becomes `%2F`.
 * - What is no UTF-8 is written as an upper-case escape, whether it came as an escape or as a byte.
 *   A `%` without two hex digits stays as it is.
 * - Backslash, semicolon, case and a trailing slash are kept: where PHP and Ruby run they make
 *   another resource.
 * - The `*` of `OPTIONS *` becomes `/*`, which only a pattern for anything matches.
 *
 * A result without `%`, `?`, `#` and characters above ASCII is its own canonical path.
 *
 * @param url the request target as received
 */
export const canonicalPath = (url: string): string => {
  const path = pathOf(url)
  if (!unusual.test(path)) return path
  return resolveDots(decodeEscapes(escapeBytes(path)))
}
