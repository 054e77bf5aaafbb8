/** The tokens of JSON: white space, strings and numbers, read at a place in a text. Pure but for `at`. */

export interface Cursor {
  readonly text: string
  readonly maxDepth: number
  at: number
  depth: number
}

/** Thrown where the text stops being JSON, and caught by `parseJson`. */
export class NotJson extends Error {
  override readonly name = 'NotJson'
  readonly at: number
  readonly reason: 'syntax' | 'depth'

  constructor(at: number, expected: string, reason: 'syntax' | 'depth' = 'syntax') {
    super(expected)
    this.at = at
    this.reason = reason
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 §7 forbids exactly these unescaped
const plainRun = /[^"\\\u0000-\u001f]*/y
const numberToken = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const fourHex = /[0-9a-fA-F]{4}/y
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

export const fail = (cursor: Cursor, expected: string): never => {
  throw new NotJson(cursor.at, expected)
}

/** The next character after white space, not yet consumed; NaN at the end. */
export const peek = (cursor: Cursor): number => {
  const { text } = cursor
  let code = text.charCodeAt(cursor.at)
  while (code === 32 || code === 10 || code === 13 || code === 9) {
    cursor.at++
    code = text.charCodeAt(cursor.at)
  }
  return code
}

/** `test` and a slice: `exec` would make a list for every token. */
const match = (cursor: Cursor, token: RegExp): string => {
  token.lastIndex = cursor.at
  if (!token.test(cursor.text)) return ''
  const found = cursor.text.slice(cursor.at, token.lastIndex)
  cursor.at = token.lastIndex
  return found
}

const readEscape = (cursor: Cursor): string => {
  const letter = cursor.text.charAt(cursor.at)
  if (letter !== 'u') {
    const meant = escapes.get(letter) ?? fail(cursor, 'an escape of RFC 8259')
    cursor.at++
    return meant
  }
  cursor.at++
  const digits = match(cursor, fourHex)
  if (digits === '') fail(cursor, 'four hex digits')
  return String.fromCharCode(Number.parseInt(digits, 16))
}

/** Reads the string whose opening quote is at the cursor. */
export const readString = (cursor: Cursor): string => {
  cursor.at++
  let read = match(cursor, plainRun)
  while (cursor.text.charAt(cursor.at) !== '"') {
    if (cursor.text.charAt(cursor.at) !== '\\') fail(cursor, 'the end of the string, or an escape')
    cursor.at++
    read += readEscape(cursor)
    read += match(cursor, plainRun)
  }
  cursor.at++
  return read
}

/** The number at the cursor as it is written; '' where there is none. */
export const readNumber = (cursor: Cursor): string => match(cursor, numberToken)

export const enter = (cursor: Cursor): void => {
  cursor.depth++
  if (cursor.depth > cursor.maxDepth)
    throw new NotJson(cursor.at, `at most ${cursor.maxDepth} levels`, 'depth')
  cursor.at++
}

/** Whether the array or object goes on; consumes the comma or the closing character. */
export const goesOn = (cursor: Cursor, closing: string): boolean => {
  peek(cursor)
  const next = cursor.text.charAt(cursor.at)
  if (next !== ',' && next !== closing) fail(cursor, `"," or "${closing}"`)
  cursor.at++
  if (next === closing) cursor.depth--
  return next === ','
}

/** Whether it ends at once; consumes the closing character if so. */
export const isEmpty = (cursor: Cursor, closing: string): boolean => {
  peek(cursor)
  if (cursor.text.charAt(cursor.at) !== closing) return false
  cursor.at++
  cursor.depth--
  return true
}
