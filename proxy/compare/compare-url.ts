/** URLs by their parts: origin, path, query, fragment. */
import { compareJson, compareScalars } from './compare-json.ts'
import { formValue } from './form.ts'
import type { Walk } from './walk.ts'

interface UrlParts {
  /** `https://host:port` in lower case, without the scheme's own port; '' in a relative URL. */
  readonly origin: string
  readonly path: string
  readonly query: string
  readonly fragment: string
}

const form = /^(?:([a-z][a-z\d+.-]*:)?\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is

const ownPort = /^(http:\/\/.*):80$|^(https:\/\/.*):443$/

const partsOf = (url: string): UrlParts => {
  const [, scheme = '', host, path = '', query = '', fragment = ''] = form.exec(url) ?? []
  const origin = host === undefined ? '' : `${scheme}//${host}`.toLowerCase()
  const [, http, https] = ownPort.exec(origin) ?? []
  return { origin: http ?? https ?? origin, path, query, fragment }
}

const compareOrigins = (walk: Walk, legacy: string, modern: string): void => {
  if (legacy === modern) return
  walk.enter('origin')
  // A relative Location means the origin that was asked (RFC 9110 §10.2.2).
  const isRelative = legacy === '' || modern === ''
  walk.report(isRelative ? 'spelling' : 'value', legacy, modern)
  walk.leave()
}

/** RFC 3986 §6.2.2 and §6.2.3: `%7e` is `~`, `%2f` is `%2F`, no path is the root. */
const normalPath = ({ origin, path }: UrlParts): string =>
  (path === '' && origin !== '' ? '/' : path).replace(/%([\da-f]{2})/gi, (written, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return /[\w.~-]/.test(char) ? char : written.toUpperCase()
  })

const comparePaths = (walk: Walk, legacy: UrlParts, modern: UrlParts): void => {
  walk.enter('path')
  const isRespelt = legacy.path !== modern.path && normalPath(legacy) === normalPath(modern)
  if (isRespelt) walk.report('spelling', legacy.path, modern.path)
  else compareScalars(walk, legacy.path, modern.path)
  walk.leave()
}

/** Reports the parts in which two URLs differ. */
export const compareUrls = (walk: Walk, legacy: string, modern: string): void => {
  const [left, right] = [partsOf(legacy), partsOf(modern)]
  compareOrigins(walk, left.origin, right.origin)
  comparePaths(walk, left, right)
  walk.enter('fragment')
  compareScalars(walk, left.fragment, right.fragment)
  walk.leave()
  if (left.query === right.query && walk.identities === null) return
  walk.enter('query')
  compareJson(walk, formValue(left.query), formValue(right.query))
  walk.leave()
}
