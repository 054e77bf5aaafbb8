/** Set-Cookie as user agents read it (RFC 6265 §5.2). Pure. */
import { instantOf } from './instant.ts'

export interface SetCookie {
  readonly name: string
  readonly value: string
  /** Lower case, '' where there is none. Without Expires and Max-Age, which are the lifetime. */
  readonly attributes: ReadonlyMap<string, string>
  /** Seconds from the answer's date; null: until the session ends. At most 0: deleted. */
  readonly lifetime: number | null
}

const splitAt = (text: string, mark: string): [string, string | null] => {
  const at = text.indexOf(mark)
  return at === -1 ? [text.trim(), null] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

/** `Thu, 01 Jan 1970 00:00:00 GMT` and what else user agents take for a date. */
const dateOf = (text: string): number | null => {
  const ms = instantOf(text)?.ms ?? Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}

/** Max-Age wins over Expires (RFC 6265 §5.3); values that cannot be read count as absent. */
const lifetimeOf = (attributes: ReadonlyMap<string, string>, nowMs: number): number | null => {
  const age = attributes.get('max-age') ?? ''
  if (/^-?\d{1,12}$/.test(age)) return Number(age)
  const expires = dateOf(attributes.get('expires') ?? '')
  return expires === null ? null : (expires - nowMs) / 1_000
}

/** What user agents make of an attribute (§5.2.3 to §5.2.6); null: the same as if it were not there. */
const normal: Readonly<Record<string, (given: string) => string | null>> = {
  domain: (given) => given.replace(/^\./, '').toLowerCase() || null,
  path: (given) => (given.startsWith('/') ? given : null),
  secure: () => '',
  httponly: () => '',
  partitioned: () => '',
  samesite: (given) => given.toLowerCase(),
  priority: (given) => given.toLowerCase(),
}

/**
 * Reads one line; null where it sets nothing.
 *
 * @param nowMs what Expires counts from: the Date of the answer, where it has one
 */
export const parseSetCookie = (line: string, nowMs: number): SetCookie | null => {
  const [pair = '', ...rest] = line.split(';')
  const [name, value] = splitAt(pair, '=')
  if (value === null || name === '') return null
  const attributes = new Map<string, string>()
  for (const part of rest) {
    const [attribute, given] = splitAt(part, '=')
    attributes.set(attribute.toLowerCase(), given ?? '')
  }
  const lifetime = lifetimeOf(attributes, nowMs)
  const kept = Object.entries(normal).flatMap(([each, normalize]): [string, string][] => {
    const given = attributes.get(each)
    const meant = given === undefined ? null : normalize(given)
    return meant === null ? [] : [[each, meant]]
  })
  return { name, value, attributes: new Map(kept), lifetime }
}
