/** Cookies that two answers set: by name, attribute by attribute. */
import { type JsonValue, jsonNumber } from './json.ts'
import { parseSetCookie, type SetCookie } from './set-cookie.ts'
import type { Walk } from './walk.ts'

/** Seconds by which lifetimes may differ: Expires is written in whole seconds, after the Date. */
const tolerance = 5

const isDeleted = ({ lifetime }: SetCookie): boolean => lifetime !== null && lifetime <= 0

const isSameLifetime = (a: SetCookie, b: SetCookie): boolean => {
  if (isDeleted(a) || isDeleted(b)) return isDeleted(a) && isDeleted(b)
  if (a.lifetime === null || b.lifetime === null) return a.lifetime === b.lifetime
  return Math.abs(a.lifetime - b.lifetime) <= tolerance
}

const lifetimeValue = ({ lifetime }: SetCookie): JsonValue | undefined =>
  lifetime === null ? undefined : jsonNumber(String(Math.round(lifetime)))

const differ = (
  walk: Walk,
  step: string,
  legacy: JsonValue | undefined,
  modern: JsonValue | undefined,
): void => {
  if (legacy === modern) return
  walk.enter(step)
  if (legacy === undefined) walk.report('extra', legacy, modern)
  else if (modern === undefined) walk.report('missing', legacy, modern)
  else walk.report('value', legacy, modern)
  walk.leave()
}

/** Reports every attribute in which two cookies of one name differ. */
const compareCookie = (walk: Walk, legacy: SetCookie, modern: SetCookie): void => {
  // A deleted cookie has no value that anybody will ever send back.
  const isGone = isDeleted(legacy) && isDeleted(modern)
  if (!isGone) differ(walk, 'value', legacy.value, modern.value)
  const names = new Set([...legacy.attributes.keys(), ...modern.attributes.keys()])
  for (const name of names)
    differ(walk, name, legacy.attributes.get(name), modern.attributes.get(name))
  if (isSameLifetime(legacy, modern)) return
  differ(walk, 'lifetime', lifetimeValue(legacy), lifetimeValue(modern))
}

/** Cookies of one name for another path or domain are other cookies; the rest pair in order. */
const identityOf = ({ name, attributes }: SetCookie): string =>
  [name, attributes.get('domain') ?? '', attributes.get('path') ?? ''].join('\u0000')

/** For each of legacy's cookies modern's; undefined: it has none. Takes them out of `others`. */
const pairUp = (
  cookies: readonly SetCookie[],
  others: SetCookie[],
): Map<SetCookie, SetCookie | undefined> => {
  const pairs = new Map<SetCookie, SetCookie | undefined>()
  const take = (cookie: SetCookie, nameOf: (each: SetCookie) => string): void => {
    if (pairs.get(cookie) !== undefined) return
    const at = others.findIndex((other) => nameOf(other) === nameOf(cookie))
    pairs.set(cookie, at === -1 ? undefined : others.splice(at, 1)[0])
  }
  for (const cookie of cookies) take(cookie, identityOf)
  for (const cookie of cookies) take(cookie, ({ name }) => name)
  return pairs
}

export interface CookieLines {
  readonly lines: readonly string[]
  /** What Expires counts from, milliseconds: the Date of the answer where it has one. */
  readonly nowMs: number
}

const read = ({ lines, nowMs }: CookieLines): SetCookie[] =>
  lines.flatMap((line) => parseSetCookie(line, nowMs) ?? [])

export const compareCookies = (walk: Walk, legacy: CookieLines, modern: CookieLines): void => {
  const left = read(modern)
  for (const [cookie, other] of pairUp(read(legacy), left)) {
    walk.enter(cookie.name)
    if (other === undefined) walk.report('missing', cookie.value, undefined)
    else compareCookie(walk, cookie, other)
    walk.leave()
  }
  for (const cookie of left) {
    walk.enter(cookie.name)
    walk.report('extra', undefined, cookie.value)
    walk.leave()
  }
}
