/** Whether a request carries a session of legacy: asked again it would hold its lock, or eat its flash messages. */
import { rawHeader } from '../targets/raw-header.ts'
import type { RawHeaders } from '../targets/send.ts'

/**
 * What the stacks of the adapters call their session cookies: PHP (php.ini `session.name`), Laravel,
 * CodeIgniter, Symfony; Rails (`_app_session`), Rack, Sinatra.
 */
const names =
  /(?:^|;)\s*(?:__(?:Host|Secure)-)?(?:PHPSESSID|\w*sess(?:ion)?(?:_?id)?|rack\.session|laravel[-_]\w+)\s*=/i

/** Those that PHP, Rails, Rack and Laravel change at login, by the names they have unless told otherwise. */
export const rotatingCookies: readonly string[] = [
  'PHPSESSID',
  '_session_id',
  'rack.session',
  'laravel_session',
]

const isCookie = (name: string | undefined): boolean =>
  name?.length === 6 && name.toLowerCase() === 'cookie'

export const carriesSession = (headers: RawHeaders): boolean => {
  if (rawHeader(headers, 'cookie') === null) return false
  return headers.some((value, at) => at % 2 === 1 && isCookie(headers[at - 1]) && names.test(value))
}
