/** One cookie of a request: read, and taken out without touching a byte beside it. Pure. */
import type { RawHeaders } from '../targets/send.ts'

const nameOf = (pair: string): string => {
  const equals = pair.indexOf('=')
  return (equals === -1 ? '' : pair.slice(0, equals)).trim()
}

const isCookieLine = (name: string | undefined): boolean =>
  name?.length === 6 && name.toLowerCase() === 'cookie'

/** The value of the first cookie of this name, as received; null: there is none. */
export const cookieValue = (headers: RawHeaders, name: string): string | null => {
  for (let i = 0; i < headers.length; i += 2) {
    if (!isCookieLine(headers[i]) || headers[i + 1]?.includes(name) !== true) continue
    const pair = headers[i + 1]?.split(';').find((each) => nameOf(each) === name)
    if (pair !== undefined) return pair.slice(pair.indexOf('=') + 1).trim()
  }
  return null
}

/** Null: nothing is left of the line. */
const withoutPair = (line: string, name: string): string | null => {
  const pairs = line.split(';')
  const kept = pairs.filter((pair) => nameOf(pair) !== name)
  if (kept.length === 0) return null
  const [first = '', ...others] = kept
  return [kept[0] === pairs[0] ? first : first.trimStart(), ...others].join(';')
}

/**
 * Header lines without the cookies of this name. The other pairs keep their bytes and their order;
 * a line that held nothing else is gone. The same array where there is no such cookie.
 */
export const withoutCookie = (headers: RawHeaders, name: string): RawHeaders => {
  if (cookieValue(headers, name) === null) return headers
  const kept: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const [header = '', value = ''] = [headers[i], headers[i + 1]]
    const left = isCookieLine(header) ? withoutPair(value, name) : value
    if (left !== null) kept.push(header, left)
  }
  return kept
}
