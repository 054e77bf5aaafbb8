/** What a test must find in JSON, as lines of source. Pure. */
import { isJsonArray, type JsonValue } from '../compare/json.ts'
import { jsonText } from '../compare/json-text.ts'
import { asObject, keyText } from '../compare/key.ts'
import { placeBelow, placeOf, unescapeName } from '../compare/place.ts'
import { literal, pattern, quoted } from './literal.ts'

export interface Check {
  readonly line: string
  /** Names that the line uses: `headers`, `text`, `json`, `at`. */
  readonly uses: readonly string[]
}

/** Of a longer text no test holds all. */
export const longest = 4_096

/** What a redacted value looks like: nobody knows what legacy really said. */
export const isRedacted = (text: string): boolean => /hmac[:-][\da-f]{16}/.test(text)

/** Digits of a number; null: it is none. */
const digitsOf = (value: JsonValue): string | null =>
  typeof value === 'object' && value !== null && !isJsonArray(value) && value.kind === 'number'
    ? value.text
    : null

/** Whether a double, written out again, has the same digits: `1.10`, `1e400`, 9007199254740993 have not. */
const isKept = (digits: string): boolean => String(Number(digits)) === digits

/** Whether `JSON.parse` loses nothing of it. */
export const isLossless = (value: JsonValue): boolean => {
  if (typeof value !== 'object' || value === null) return true
  if (isJsonArray(value)) return value.every(isLossless)
  if (value.kind === 'number') return isKept(value.text)
  return value.repeated.length === 0 && [...value.members.values()].every(isLossless)
}

/** As `JSON.parse` has it. */
export const plainOf = (value: JsonValue): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (isJsonArray(value)) return value.map(plainOf)
  if (value.kind === 'number') return Number(value.text)
  return Object.fromEntries([...value.members].map(([name, each]) => [name, plainOf(each)]))
}

/** A place in legacy's JSON. */
export interface Here {
  /** Each step down as source. */
  readonly steps: readonly string[]
  /** Each as in `Difference.pattern`. */
  readonly pattern: readonly string[]
  /** Undefined: legacy has nothing there. */
  readonly value: JsonValue | undefined
}

const stepOf = (name: string): string => placeBelow('body', placeOf('body'), name).pattern.slice(1)

const memberAt = ({ steps, pattern: above }: Here, name: string, value?: JsonValue): Here => ({
  steps: [...steps, quoted(name)],
  pattern: [...above, stepOf(name)],
  value,
})

const elementAt = ({ steps, pattern: above }: Here, step: string, value?: JsonValue): Here => ({
  steps: [...steps, step],
  pattern: [...above, '*'],
  value,
})

/** The element by the member that names it, or by its index where a literal cannot. */
const namedElement = (here: Here, list: readonly JsonValue[], name: string, text: string): Here => {
  const index = list.findIndex((each) => keyText(each, [name]) === text)
  const element = list[index]
  const key = asObject(element)?.members.get(name)
  const isNamed = key === undefined || isLossless(key)
  const step = isNamed ? literal({ [name]: key === undefined ? text : plainOf(key) }) : `${index}`
  return elementAt(here, step, element)
}

/** One step down: by the name of a member, an index, or the member that names an element. */
const follow = (here: Here, written: string): Here | null => {
  const { value } = here
  const list = value !== undefined && value !== null && isJsonArray(value) ? value : null
  const [, key, text = ''] = /^\[([^\]=]+)=([^\]]*)\]$/.exec(written) ?? []
  if (key !== undefined && list !== null) {
    return namedElement(here, list, unescapeName(key), unescapeName(text))
  }
  if (/^[a-z]*\[/i.test(written)) return null
  const name = unescapeName(written)
  return list === null
    ? memberAt(here, name, asObject(value)?.members.get(name))
    : elementAt(here, name, list[Number(name)])
}

/** Null: nobody can say what stands there. */
export const hereOf = (json: JsonValue, path: string): Here | null => {
  let here: Here | null = { steps: [], pattern: [], value: json }
  for (const written of path === '' ? [] : path.slice(1).split('/')) {
    here = here && follow(here, written)
  }
  return here
}

const sourceOf = ({ steps }: Here): string =>
  steps.length === 0 ? 'json' : `at(json, ${steps.join(', ')})`

const checkOf = (here: Here, line: (value: string) => string): Check => ({
  line: line(sourceOf(here)),
  uses: here.steps.length === 0 ? ['json'] : ['json', 'at'],
})

/** Digits that a double loses are to be found in the text alone. */
const digitsCheck = ({ steps }: Here, digits: string): Check => {
  const name = steps.at(-1)?.startsWith("'") ? (steps.at(-1) ?? '').slice(1, -1) : null
  const before = name === null ? '(?<![\\d.eE+-])' : `"${pattern(name)}"\\s*:\\s*`
  return {
    line: `assert.match(text, /${before}${pattern(digits)}(?![\\d.eE])/)`,
    uses: ['text'],
  }
}

/** Patterns of places that are not held to what legacy said, step by step. */
export type LeftOut = readonly (readonly string[])[]

const isAlong = (steps: readonly string[], pattern: readonly string[]): boolean =>
  pattern.every((step, at) => at >= steps.length || step === '*' || step === steps[at])

const below = ({ pattern: steps }: Here, leftOut: LeftOut): LeftOut =>
  leftOut.filter((each) => isAlong(steps, each))

/** Which members or how many elements there are, unless one of them may be missing. */
const sizeCheck = (here: Here, leftOut: LeftOut): readonly Check[] => {
  const { value, pattern: steps } = here
  const names = [...(asObject(value)?.members.keys() ?? [])].sort()
  if (value == null || leftOut.some(({ length }) => length === steps.length + 1)) return []
  if (isJsonArray(value)) {
    return [checkOf(here, (json) => `assert.equal(Object(${json}).length, ${value.length})`)]
  }
  if (isRedacted(names.join())) return []
  return [
    checkOf(
      here,
      (json) => `assert.deepEqual(Object.keys(Object(${json})).sort(), ${literal(names)})`,
    ),
  ]
}

const partsOf = (here: Here): readonly Here[] => {
  const { value } = here
  if (value != null && isJsonArray(value)) {
    return value.map((each, at) => elementAt(here, String(at), each))
  }
  const members = [...(asObject(value)?.members ?? [])]
  return members
    .filter(([name]) => !isRedacted(name))
    .map(([name, each]) => memberAt(here, name, each))
}

/**
 * That legacy's value stands there: all at once where that says the same, else part by part, without
 * what was redacted or is left out. None where it is too long.
 */
export const valueChecks = (here: Here, all: LeftOut): readonly Check[] => {
  const { value, pattern: steps } = here
  if (value === undefined) return [checkOf(here, (json) => `assert.deepEqual(${json}, undefined)`)]
  const leftOut = below(here, all)
  if (leftOut.some(({ length }) => length <= steps.length)) return []
  const text = jsonText(value)
  if (isRedacted(here.steps.join()) || text.length > longest) return []
  const digits = digitsOf(value)
  if (digits !== null && !isKept(digits)) return [digitsCheck(here, digits)]
  if (leftOut.length === 0 && isLossless(value) && !isRedacted(text)) {
    return [checkOf(here, (json) => `assert.deepEqual(${json}, ${literal(plainOf(value))})`)]
  }
  // A text that holds a token is nothing but that.
  if (typeof value === 'string') return []
  const parts = partsOf(here).flatMap((each) => valueChecks(each, leftOut))
  return [...sizeCheck(here, leftOut), ...parts]
}

/** That a number is written as legacy writes it; null: there is none. */
export const spellingCheck = (here: Here): Check | null => {
  const digits = here.value === undefined ? null : digitsOf(here.value)
  return digits === null ? null : digitsCheck(here, digits)
}
