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

const named = ['path', 'domain', 'secure', 'httponly', 'samesite', 'partitioned', 'priority']

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

/**
 * Reads one line; null where it sets nothing.
 *
 * @param nowMs the Date of the answer, which Expires counts from
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
  const kept = named.flatMap((each): [string, string][] => {
    const given = attributes.get(each)
    return given === undefined ? [] : [[each, each === 'samesite' ? given.toLowerCase() : given]]
  })
  return { name, value, attributes: new Map(kept), lifetime }
}
