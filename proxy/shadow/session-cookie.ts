/** Whether a request carries a session of legacy: asked again it would hold its lock, or eat its flash messages. */
import type { Route } from '../config/config.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { RawHeaders } from '../targets/send.ts'

/**
 * How legacy systems call their session cookies unless told otherwise: PHP (php.ini `session.name`),
 * CodeIgniter, Laravel, Rails (`_app_session`), Rack, Java; Drupal; Moodle; phpBB, Express; CakePHP; Magento; Yii;
 * TYPO3. Each reads a name once from front to back: whoever asks chooses it.
 */
const usual: readonly RegExp[] = [
  /sess(?:ion)?[-_]?(?:id)?$/i,
  /^s?sess[\da-f]+$/i,
  /^moodlesession/i,
  /(?:^|[-_.])sid$/i,
  /^laravel[-_]/i,
  /^(?:cakephp|frontend|adminhtml|(?:fe|be)_typo_user)$/i,
  /-(?:frontend|backend)$/i,
]

/** Those that PHP, Rails, Rack and Laravel change at login, by the names they have unless told otherwise. */
export const rotatingCookies: readonly string[] = [
  'PHPSESSID',
  '_session_id',
  'rack.session',
  'laravel_session',
]

/** No system calls a cookie that. */
const longest = 256

/** Whether a name is a text in which `*` stands for anything: its pieces in turn, the last one at the end. */
const isLike = (name: string, wanted: string): boolean => {
  const [first = '', ...pieces] = wanted.toLowerCase().split('*')
  const last = pieces.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const piece of pieces) {
    const found = name.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}

const isSession = (cookie: string, own: readonly string[]): boolean => {
  const end = cookie.indexOf('=')
  if (end === -1) return false
  const name = cookie
    .slice(0, end)
    .trim()
    .replace(/^__(?:Host|Secure)-/, '')
  if (name.length > longest) return false
  return (
    usual.some((pattern) => pattern.test(name)) ||
    own.some((wanted) => isLike(name.toLowerCase(), wanted))
  )
}

const isCookie = (name: string | undefined): boolean =>
  name?.length === 6 && name.toLowerCase() === 'cookie'

const none: readonly string[] = []

/** No browser sends more to one host. */
const mostCookies = 300

const cookiesOf = (headers: RawHeaders): readonly string[] =>
  headers.flatMap((value, at) =>
    at % 2 === 1 && isCookie(headers[at - 1]) ? value.split(';', mostCookies + 1) : [],
  )

/**
 * By the names that are usual, and by those that its route knows besides (`sessionCookies`). Of whoever sends more
 * cookies than a browser does the worst is taken for true: to read them all would cost everybody else time.
 */
export const carriesSession = (
  headers: RawHeaders,
  { sessionCookies = none }: Pick<Route, 'sessionCookies'>,
): boolean => {
  if (rawHeader(headers, 'cookie') === null) return false
  const cookies = cookiesOf(headers)
  return cookies.length > mostCookies || cookies.some((each) => isSession(each, sessionCookies))
}
