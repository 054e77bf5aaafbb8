/** To which class a request belongs, and which request exactly it is. Pure. */
import { createHash } from 'node:crypto'
import type { Route } from '../config/config.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest } from '../targets/send.ts'
import { carriesSession } from './session-cookie.ts'

type Shaped = Pick<InboundRequest, 'method' | 'url' | 'path' | 'headers'>

const classes: readonly (readonly [string, RegExp])[] = [
  ['', /^$/],
  ['int', /^\d+$/],
  ['uuid', /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i],
  ['hex', /^(?=.*\d)[\da-f]{8,}$/i],
  ['word', /^[\w.~-]+$/],
]
const classOf = (text: string): string => classes.find(([, form]) => form.test(text))?.[0] ?? 'text'

/** So deep a path tells classes apart; below that nobody looks. */
const mostSegments = 8

/** What stands where the route's pattern leaves it open. */
const openSegments = (path: string, pattern: string): string => {
  const given = path.split('/', mostSegments + 1)
  const wanted = pattern.split('/')
  const isOpen = (at: number): boolean => {
    const step = wanted[Math.min(at, wanted.length - 1)] ?? ''
    return step === '*' || step.startsWith(':')
  }
  return given.flatMap((segment, at) => (isOpen(at) ? [classOf(segment)] : [])).join('/')
}

/** Longer ones, and those with digits, may be secrets or ids. */
const plainName = /^[a-z_.[\]-]{1,24}$/i
const mostNames = 12

const queryNames = (url: string): string => {
  const at = url.indexOf('?')
  if (at === -1) return ''
  const names = url
    .slice(at + 1)
    .split('&', mostNames)
    .map((pair) => pair.split('=', 1)[0] ?? '')
    .map((name) => (plainName.test(name) ? name : '*'))
  return [...new Set(names)].sort().join('&')
}

/** Over HTTP/2 a method may be any word, as long as all of the head. */
const plainMethod = /^[A-Z-]{1,24}$/

const mediaTypes = /json|html|xml|form|text|image|octet/i
const mediaClass = (value: string | null): string =>
  value === null ? '' : (mediaTypes.exec(value)?.[0]?.toLowerCase() ?? 'other')

type Known = Pick<Route, 'match' | 'sessionCookies'>

const flags: readonly (readonly [string, (asked: Shaped, route: Known) => boolean])[] = [
  ['auth', ({ headers }) => rawHeader(headers, 'authorization') !== null],
  ['session', ({ headers }, route) => carriesSession(headers, route)],
  ['if-none-match', ({ headers }) => rawHeader(headers, 'if-none-match') !== null],
  ['if-modified-since', ({ headers }) => rawHeader(headers, 'if-modified-since') !== null],
  ['range', ({ headers }) => rawHeader(headers, 'range') !== null],
  ['xhr', ({ headers }) => rawHeader(headers, 'x-requested-with') !== null],
]

/** Names the class of requests that look like this one: few per route, and nothing secret in it. */
export const requestShape = (asked: Shaped, route: Known): string => {
  const { headers } = asked
  return [
    plainMethod.test(asked.method) ? asked.method : '*',
    openSegments(asked.path, route.match.path),
    `?${queryNames(asked.url)}`,
    mediaClass(rawHeader(headers, 'accept')),
    mediaClass(rawHeader(headers, 'content-type')),
    ...flags.flatMap(([name, has]) => (has(asked, route) ? [name] : [])),
  ].join(' ')
}

/** Names this very request: method, route, path, query in whatever order, and body. 32 hex digits. */
export const requestFingerprint = (
  { method, url }: Pick<InboundRequest, 'method' | 'url'>,
  route: string,
  body: Uint8Array | null,
): string => {
  const at = url.indexOf('?')
  const path = at === -1 ? url : url.slice(0, at)
  const query =
    at === -1
      ? []
      : url
          .slice(at + 1)
          .split('&')
          .sort()
  const hash = createHash('sha256').update(JSON.stringify([method, route, path, query]))
  return hash
    .update(body ?? '')
    .digest('hex')
    .slice(0, 32)
}
