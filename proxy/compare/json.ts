/**
 * JSON as it is written (RFC 8259): number tokens kept, repeated names seen, lone surrogates kept,
 * nothing rounded. `JSON.parse` makes 9007199254740993 and 9007199254740992 one number, and so would
 * hide the commonest difference between a PHP legacy and its rewrite. Pure.
 */
import { Buffer } from 'node:buffer'
import {
  type Cursor,
  enter,
  fail,
  goesOn,
  isEmpty,
  NotJson,
  peek,
  readNumber,
  readString,
} from './json-cursor.ts'

export interface JsonNumber {
  readonly kind: 'number'
  /** As written: `1.10`, `-0`, `1e400`. */
  readonly text: string
}

export interface JsonObject {
  readonly kind: 'object'
  /** In the order of the text; of a repeated name, the last value. `__proto__` is a name like any other. */
  readonly members: ReadonlyMap<string, JsonValue>
  /** Names that occur more than once. */
  readonly repeated: readonly string[]
  /** For each of `repeated` the value that a later one hides; whoever takes the first sees it. */
  readonly hidden: JsonArray
}

export type JsonArray = readonly JsonValue[]
export type JsonValue = null | boolean | string | JsonNumber | JsonArray | JsonObject
export type JsonType = 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object'

export interface JsonFault {
  /** `charset`: the bytes are not UTF-8. `depth`: nested deeper than allowed. */
  readonly reason: 'syntax' | 'depth' | 'charset'
  /** Bytes from the start of the text, a byte order mark included. */
  readonly offset: number
  /** What should have stood there. */
  readonly expected: string
}

export type ParsedJson = { readonly value: JsonValue } | { readonly fault: JsonFault }

const none: readonly string[] = []

export const isJsonArray = (value: JsonValue): value is JsonArray => Array.isArray(value)

export const jsonType = (value: JsonValue): JsonType => {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  return isJsonArray(value) ? 'array' : value.kind
}

export const jsonNumber = (text: string): JsonNumber => ({ kind: 'number', text })

export const jsonObject = (
  members: ReadonlyMap<string, JsonValue>,
  repeated: readonly string[] = none,
  hidden: JsonArray = none,
): JsonObject => ({ kind: 'object', members, repeated, hidden })

const words: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]

const readArray = (cursor: Cursor): JsonArray => {
  enter(cursor)
  const items: JsonValue[] = []
  if (isEmpty(cursor, ']')) return items
  do items.push(readValue(cursor))
  while (goesOn(cursor, ']'))
  return items
}

const readObject = (cursor: Cursor): JsonObject => {
  enter(cursor)
  const members = new Map<string, JsonValue>()
  let repeated: string[] | null = null
  let hidden: JsonValue[] | null = null
  if (isEmpty(cursor, '}')) return jsonObject(members)
  do {
    if (peek(cursor) !== quote) fail(cursor, 'a name in quotes')
    const name = readString(cursor)
    if (peek(cursor) !== colon) fail(cursor, '":"')
    cursor.at++
    const earlier = members.get(name)
    if (earlier !== undefined) {
      repeated ??= []
      hidden ??= []
      repeated.push(name)
      hidden.push(earlier)
    }
    members.set(name, readValue(cursor))
  } while (goesOn(cursor, '}'))
  return jsonObject(members, repeated ?? none, hidden ?? none)
}

const readWordOrNumber = (cursor: Cursor): JsonValue => {
  const word = words.find(([name]) => cursor.text.startsWith(name, cursor.at))
  if (word !== undefined) {
    cursor.at += word[0].length
    return word[1]
  }
  const token = readNumber(cursor)
  return token === '' ? fail(cursor, 'a value') : jsonNumber(token)
}

const quote = 34
const colon = 58

const readValue = (cursor: Cursor): JsonValue => {
  const code = peek(cursor)
  if (code === quote) return readString(cursor)
  if (code === 123) return readObject(cursor)
  if (code === 91) return readArray(cursor)
  return readWordOrNumber(cursor)
}

const readText = (text: string, maxDepth: number): JsonValue => {
  const cursor: Cursor = { text, maxDepth, at: 0, depth: 0 }
  const value = readValue(cursor)
  peek(cursor)
  return cursor.at === text.length ? value : fail(cursor, 'the end of the text')
}

const byteOrderMark = '\uFEFF'

/** Where bytes stop being UTF-8: as far as the text that can be read is the same as the bytes. */
const firstBadByte = (bytes: Uint8Array): number => {
  const again = Buffer.from(Buffer.from(bytes).toString('utf8'))
  let at = 0
  while (at < bytes.length && bytes[at] === again[at]) at++
  return at
}

const textOf = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/**
 * Reads one JSON text. Never throws on bad input. A byte order mark at the start is allowed and left
 * out (RFC 8259 §8.1); anywhere else it is a fault.
 *
 * @param input bytes must be UTF-8; of a string, offsets count the bytes of its UTF-8 form
 * @param maxDepth levels of arrays and objects; deeper text is a fault, never an overflow
 */
export const parseJson = (input: string | Uint8Array, maxDepth = 512): ParsedJson => {
  const whole = typeof input === 'string' ? input : textOf(input)
  if (whole === null || typeof whole !== 'string') {
    const offset = typeof input === 'string' ? 0 : firstBadByte(input)
    return { fault: { reason: 'charset', offset, expected: 'UTF-8' } }
  }
  const marked = whole.startsWith(byteOrderMark)
  const text = marked ? whole.slice(1) : whole
  try {
    return { value: readText(text, maxDepth) }
  } catch (error) {
    if (!(error instanceof NotJson)) throw error
    const offset = Buffer.byteLength(text.slice(0, error.at)) + (marked ? 3 : 0)
    return { fault: { reason: error.reason, offset, expected: error.message } }
  }
}
