/**
 * Whether two values are written alike, the order of names aside, at a cost that grows with their size
 * and not with how deep they are nested: a value is asked about once for every list that it is in.
 */
import { isJsonArray, type JsonArray, type JsonObject, type JsonValue } from './json.ts'

export interface Sameness {
  isSame(a: JsonValue, b: JsonValue): boolean
  /** One text for values that are the same, another for all others. */
  nameOf(value: JsonValue): string
}

/** Most elements of most lists are flat, and need no name. Deeper values are told by theirs. */
const mostLevels = 3

type Composite = JsonArray | JsonObject
type Scalar = Exclude<JsonValue, Composite>

const isComposite = (value: JsonValue): value is Composite =>
  typeof value === 'object' && value !== null && (isJsonArray(value) || value.kind === 'object')

/** Its length, since texts are written in a row. */
const textName = (text: string): string => `${text.length}"${text}`

const scalarName = (value: Scalar): string => {
  if (typeof value === 'string') return textName(value)
  return typeof value === 'object' && value !== null ? value.text : String(value)
}

/** Each composite value is named once, after the names of what it holds. */
const createNames = (): ((value: JsonValue) => string) => {
  const known = new Map<Composite, string>()
  const names = new Map<string, string>()

  const listed = (items: JsonArray): string => items.map(nameOf).join(',')
  const written = (value: Composite): string => {
    if (isJsonArray(value)) return `[${listed(value)}`
    const members = [...value.members.keys()].sort()
    const texts = members.map((name) => textName(name) + nameOf(value.members.get(name) ?? null))
    return `{${texts.join(',')}|${listed(value.repeated)}|${listed(value.hidden)}`
  }
  const compositeName = (value: Composite): string => {
    const found = known.get(value)
    if (found !== undefined) return found
    const text = written(value)
    const name = names.get(text) ?? `#${names.size}`
    names.set(text, name)
    known.set(value, name)
    return name
  }
  const nameOf = (value: JsonValue): string =>
    isComposite(value) ? compositeName(value) : scalarName(value)
  return nameOf
}

export const createSameness = (): Sameness => {
  const nameOf = createNames()

  const isSameArray = (a: JsonArray, b: JsonArray, level: number): boolean =>
    a.length === b.length && a.every((value, at) => isSameValue(value, b[at] ?? null, level))

  const isSameObject = (a: JsonObject, b: JsonObject, level: number): boolean => {
    if (a.members.size !== b.members.size || !isSameArray(a.repeated, b.repeated, level))
      return false
    if (!isSameArray(a.hidden, b.hidden, level)) return false
    for (const [name, value] of a.members) {
      const other = b.members.get(name)
      if (other === undefined || !isSameValue(value, other, level)) return false
    }
    return true
  }
  const isSameComposite = (a: Composite, b: Composite, level: number): boolean => {
    if (level > mostLevels) return nameOf(a) === nameOf(b)
    if (isJsonArray(a)) return isJsonArray(b) && isSameArray(a, b, level + 1)
    return !isJsonArray(b) && isSameObject(a, b, level + 1)
  }
  const isSameValue = (a: JsonValue, b: JsonValue, level: number): boolean => {
    if (a === b) return true
    if (isComposite(a)) return isComposite(b) && isSameComposite(a, b, level)
    return !isComposite(b) && scalarName(a) === scalarName(b)
  }
  return { nameOf, isSame: (a, b) => isSameValue(a, b, 1) }
}
