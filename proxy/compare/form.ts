/** Forms and query strings as JSON: a name that occurs more than once is a list. Pure. */
import { Buffer, isUtf8 } from 'node:buffer'
import { type JsonObject, type JsonValue, jsonObject } from './json.ts'

/** One character in UTF-8, or one byte that belongs to none. */
const encoded =
  /%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}|%[\da-f]{2}/gi

/** Lone surrogates, which no UTF-8 has, stand for bytes that are none until all others are read. */
const firstStandIn = 0xdc00

const decodedBytes = (written: string): string => {
  const bytes = Buffer.from(written.replaceAll('%', ''), 'hex')
  if (isUtf8(bytes)) return bytes.toString()
  return String.fromCharCode(...[...bytes].map((byte) => firstStandIn + byte))
}

/** What is no UTF-8 stays encoded, and so does a `%25` that would look like it: `%25E9` is not `%E9`. */
const decoded = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replace(encoded, decodedBytes)
    .replace(/%(?=(?:25)*[89a-f][\da-f])/gi, '%25')
    .replace(
      /[\udc80-\udcff]/gu,
      (standIn) => `%${(standIn.charCodeAt(0) - firstStandIn).toString(16).toUpperCase()}`,
    )

const pairOf = (text: string): [name: string, value: string] => {
  const at = text.indexOf('=')
  return at === -1 ? [decoded(text), ''] : [decoded(text.slice(0, at)), decoded(text.slice(at + 1))]
}

/**
 * Reads `application/x-www-form-urlencoded`, percent-encoding that is broken left as it is: U+FFFD, which
 * `URLSearchParams` has for all of it, would make `%E9` and `%E8` one.
 */
export const formValue = (text: string): JsonObject => {
  const lists = new Map<string, string[]>()
  for (const part of text.split('&')) {
    if (part === '') continue
    const [name, value] = pairOf(part)
    const known = lists.get(name)
    if (known === undefined) lists.set(name, [value])
    else known.push(value)
  }
  const members = [...lists].map(([name, values]): [string, JsonValue] => [
    name,
    values.length === 1 ? (values[0] ?? '') : values,
  ])
  return jsonObject(new Map(members))
}
