/** Whether a request carries a session of legacy: asked again it would hold its lock, or eat its flash messages. */
import type { Route } from '../config/config.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { RawHeaders } from '../targets/send.ts'

/**
 * How legacy systems call their session cookies unless told otherwise. Whatever has `sess` in its name: PHP
 * (php.ini `session.name`), CodeIgniter, Laravel, Drupal (`SESS<hash>`), Moodle, Rails (`_app_session`). A
 * `sid` by itself or at the end: phpBB, SilverStripe. The rest says nothing of it.
 */
const usual = [
  '[^=;]*sess[^=;]*',
  '(?:[^=;]*[-_.])?sid',
  'laravel[-_]\\w+',
  'CAKEPHP',
  'frontend|adminhtml',
  '[^=;]*-(?:frontend|backend)',
  '(?:fe|be)_typo_user',
].join('|')

/** Those that PHP, Rails, Rack and Laravel change at login, by the names they have unless told otherwise. */
export const rotatingCookies: readonly string[] = [
  'PHPSESSID',
  '_session_id',
  'rack.session',
  'laravel_session',
]

const patternOf = (names: string): RegExp =>
  new RegExp(`(?:^|;)\\s*(?:__(?:Host|Secure)-)?(?:${names})\\s*=`, 'i')

const usualNames = patternOf(usual)

const escaped = (name: string): string =>
  name.replace(/[\\^$.*+?()[\]{}|]/g, (each) => (each === '*' ? '[^=;]*' : `\\${each}`))

/** By the list of a route, which lives as long as its config. */
const patterns = new WeakMap<readonly string[], RegExp>()

const namesOf = (own: readonly string[]): RegExp => {
  if (own.length === 0) return usualNames
  const known = patterns.get(own) ?? patternOf([usual, ...own.map(escaped)].join('|'))
  patterns.set(own, known)
  return known
}

const isCookie = (name: string | undefined): boolean =>
  name?.length === 6 && name.toLowerCase() === 'cookie'

const none: readonly string[] = []

/** By the names that are usual, and by those that its route knows besides (`sessionCookies`). */
export const carriesSession = (
  headers: RawHeaders,
  { sessionCookies = none }: Pick<Route, 'sessionCookies'>,
): boolean => {
  if (rawHeader(headers, 'cookie') === null) return false
  const names = namesOf(sessionCookies)
  return headers.some((value, at) => at % 2 === 1 && isCookie(headers[at - 1]) && names.test(value))
}
