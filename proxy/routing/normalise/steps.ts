/**
 * What legacy stacks do to the path of a request before they look at it, one small thing each.
 * Every step is pure, total and linear in the length of the path.
 */
import { decodeEscapes } from '../canonical.ts'

export interface Step {
  /**
   * Source of a regular expression that finds something in every path that the step changes; never
   * a path that could not be sent, such as one with a space.
   */
  readonly touches: string
  readonly apply: (path: string) => string
  /** Whether patterns mean the same after it: of two that it makes equal, the stack knows one. */
  readonly folds: boolean
}

const step = (touches: string, apply: Step['apply'], folds = false): Step => ({
  touches,
  apply,
  folds,
})

/** Does nothing: an alternative beside steps that only some set-ups have. */
export const keep: Step = step('(?!)', (path) => path)

/** Once, everything. */
export const decode: Step = step('%', decodeEscapes)

/** Escapes without which a character could not be sent at all; `%61` and `%2F` stay. */
export const decodeNeeded: Step = step('%', (path) =>
  path
    .split(/(%(?:2[def]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae]))/i)
    .map((part, i) => (i % 2 === 1 ? part.toUpperCase() : decodeEscapes(part)))
    .join(''),
)

/** `%uXXXX`, which no standard knows. */
export const decodeUnicodeEscapes: Step = step('%', (path) =>
  path.replace(/%u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
)

/** ASCII written as two bytes: `%c0%af` is a slash. */
export const decodeOverlong: Step = step('%', (path) =>
  path.replace(/%c([01])%([89ab][\da-f])/gi, (_, high: string, low: string) =>
    String.fromCharCode((Number(high) << 6) | (parseInt(low, 16) & 0x3f)),
  ),
)

/** A `?` or `#` that was escaped is one after decoding. */
export const cutQuery: Step = step('[?#]', (path) => path.replace(/[?#].*/s, ''))

/** `//host/path` read as a reference with an authority (RFC 3986 §4.2). */
export const cutAuthority: Step = step('^//', (path) => path.replace(/^\/\/[^/]*/, ''))

export const mergeSlashes: Step = step('//', (path) => path.replace(/\/{2,}/g, '/'))

/** RFC 3986 §5.2.4; empty segments count. */
export const resolveDots: Step = step('/\\.', (path) => {
  const kept: string[] = []
  const given = path.replace(/^\//, '').split('/')
  for (const segment of given) {
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
  }
  if (/^\.\.?$/.test(given.at(-1) ?? '')) kept.push('')
  return `/${kept.join('/')}`
})

export const turnBackslashes: Step = step('\\\\', (path) => path.replaceAll('\\', '/'))

/** `;name=value` at the end of any segment. */
export const cutParameters: Step = step(';', (path) => path.replace(/;[^/]*/g, ''))

export const lowerCase: Step = step('[A-Z]', (path) => path.toLowerCase(), true)

export const dropTrailingSlash: Step = step('./$', (path) => path.replace(/(.)\/$/s, '$1'), true)

/** `.json` at the end of the last segment. */
export const dropFormat: Step = step('\\.', (path) => path.replace(/([^/])\.[^/.]+$/, '$1'), true)

/** Dots and spaces at the end of a segment. */
export const trimSegments: Step = step(
  '\\.(?:/|$)',
  (path) => path.replace(/(?<![. ])[. ]+(?=\/|$)/g, ''),
  true,
)

/** White space, NUL and the `+` of a form at the end of the whole. */
export const trimEnd: Step = step(
  '\\+$',
  (path) => path.replace(/(?<![\0\t\n\v\r +])[\0\t\n\v\r +]+$/, ''),
  true,
)

/** What `$` and `\Z` of a regular expression overlook. */
export const dropFinalNewline: Step = step('(?!)', (path) => path.replace(/\n$/, ''))

export const cutAtNul: Step = step('(?!)', (path) => path.replace(/\0.*/s, ''))

/** A script or page that answers for its folder: before a path of its own, or last. */
export const dropIndex: Step = step('/(?:index|default|app)(?:_dev)?\\.', (path) =>
  path.replace(
    /\/(?:index\.(?:php|html?)|default\.(?:aspx?|html?)|app(?:_dev)?\.php)(?:\/|$)/,
    '/',
  ),
)

/** Session tokens as a segment: `/(S(token))/`. */
export const dropTokenSegments: Step = step('\\(', (path) =>
  path.replace(/\/\((?:[a-z]\([^()/]*\))+\)(?=\/|$)/gi, ''),
)

/** Names of streams of a file: `::$DATA`, `:$i30:$INDEX_ALLOCATION`. */
export const cutStreams: Step = step(':', (path) => path.replace(/::?\$[^/]*/g, ''))

/** Full-width forms and the slashes of mathematics as the ASCII that they look like. */
export const narrow: Step = step('(?!)', (path) =>
  path
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u2044\u2215]/g, '/')
    .replaceAll('\u2216', '\\'),
)
