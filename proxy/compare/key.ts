/** What names an element of a list: members whose values tell all elements of it apart. Pure. */
import { isJsonArray, type JsonArray, type JsonObject, type JsonValue } from './json.ts'

export const asObject = (value: JsonValue | undefined): JsonObject | null =>
  typeof value !== 'object' || value === null || isJsonArray(value) || value.kind !== 'object'
    ? null
    : value

/** Text of a scalar that can name something. */
export const nameText = (value: JsonValue | undefined): string | null => {
  if (typeof value === 'string') return value
  if (value === null || typeof value !== 'object' || isJsonArray(value)) return null
  return value.kind === 'number' ? value.text : null
}

/** `7`, `7.0` and `"7"` name one thing. */
const keyPart = (value: JsonValue | undefined): string | null => {
  const text = nameText(value)
  const isPlain = typeof value === 'string' || text === null || !/[.eE]/.test(text)
  return isPlain ? text : String(Number(text))
}

/** The key of an element; null where it lacks a member of it. */
export const keyText = (value: JsonValue | undefined, key: readonly string[]): string | null => {
  const members = asObject(value)?.members
  if (members === undefined) return null
  if (key.length === 1) return keyPart(members.get(key[0] ?? ''))
  const parts = key.map((name) => keyPart(members.get(name)))
  return parts.some((part) => part === null) ? null : parts.join('\u0000')
}

/** Names that say of themselves that they are a key, the surest first. */
const telling: readonly RegExp[] = [
  /^id$/i,
  /^_?(?:uuid|guid|id)$/i,
  /(?:_id|Id|_uuid|Uuid)$/,
  /^(?:slug|code|key|sku|name|username|email)$/i,
]

const rank = (name: string): number => {
  const at = telling.findIndex((pattern) => pattern.test(name))
  return at === -1 ? telling.length : at
}

/** Of the elements, this many may lack the key. */
const mostLacking = 0.01
const leastShared = 0.5

/** The keys of a list; null where they do not tell its elements apart. */
const keysOf = (list: JsonArray, name: string): Set<string> | null => {
  const keys = new Set<string>()
  let lacking = 0
  for (const value of list) {
    const text = keyPart(asObject(value)?.members.get(name))
    if (text === null) {
      lacking++
      if (lacking > list.length * mostLacking) return null
    } else if (keys.has(text)) return null
    else keys.add(text)
  }
  return keys
}

const sharedOf = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => {
  let both = 0
  for (const text of a) if (b.has(text)) both++
  return both / (a.size + b.size - both)
}

/** A member that is not called a key is taken for one only if it names the same things on both sides. */
const isKey = (legacy: JsonArray, modern: JsonArray, name: string): boolean => {
  const left = keysOf(legacy, name)
  const right = left === null ? null : keysOf(modern, name)
  if (left === null || right === null) return false
  return sharedOf(left, right) >= (rank(name) < telling.length ? leastShared : 1)
}

/** The member by which two lists of objects can be joined; null: there is none. */
export const inferKey = (legacy: JsonArray, modern: JsonArray): readonly string[] | null => {
  const first = asObject(legacy[0])
  if (first === null || legacy.length < 2 || modern.length === 0) return null
  const names = [...first.members.keys()]
    .filter((name) => nameText(first.members.get(name)) !== null)
    .sort((a, b) => rank(a) - rank(b))
  const found = names.find((name) => isKey(legacy, modern, name))
  return found === undefined ? null : [found]
}
