/**
 * What a value looks like: a lattice from "exactly this" over forms such as a UUID or a time with
 * milliseconds to a JSON type. A value that is allowed to vary may still not change its shape: that
 * is how a timestamp that became null, seconds instead of milliseconds, or lost its zone is found
 * where peers look away. Pure.
 */
import { instantOf } from './instant.ts'
import { isJsonArray, type JsonValue, jsonType } from './json.ts'
import { canonicalText } from './json-text.ts'
import { nameText } from './key.ts'
import { standIns } from './stand-ins.ts'

/** Each form and the wider one above it; null: nothing is wider. */
const wider = {
  uuid: 'text',
  ulid: 'text',
  jwt: 'text',
  crypt: 'text',
  markup: 'text',
  time: 'text',
  date: 'text',
  email: 'text',
  ip: 'text',
  url: 'text',
  hex: 'text',
  digits: 'text',
  word: 'text',
  empty: 'text',
  text: 'any',
  epochSeconds: 'integer',
  epochMilliseconds: 'integer',
  integer: 'number',
  number: 'any',
  boolean: 'any',
  null: 'any',
  array: 'any',
  object: 'any',
  any: null,
} as const

export type ShapeName = keyof typeof wider

export const shapeNames: readonly ShapeName[] = Object.keys(wider) as ShapeName[]

export interface Shape {
  readonly name: ShapeName
  /** What the form leaves open, such as the version of a UUID; null: it may vary. */
  readonly detail: string | null
  /** Canonical texts of the only values there are; null: any value of the form. */
  readonly values: readonly string[] | null
}

const timeDetail = (text: string): string | null => {
  const instant = instantOf(text)
  return instant && `${instant.separator}${instant.fractionDigits}${instant.zone}`
}

const versionOf = (text: string): string => text.charAt(14)
const lengthOf = (text: string): string => String(text.length)
const ipVersionOf = (text: string): string => (text.includes(':') ? '6' : '4')
/** A URL that loses its host, or gains one, is another kind of URL. */
const originOf = (text: string): string => (/^(?:https?:)?\/\//.test(text) ? 'host' : 'path')
const nothing = (): string => ''

/** A salted hash as crypt(3) writes it, bcrypt and Argon2 included: its scheme and costs, salt and digest. */
const cryptForm = /^(\$[a-z\d-]{1,32}\$(?:[\w=,]{1,64}\$){0,2})[\w./+$]{20,}$/

/** From the narrowest to the widest: the first that fits is the shape. */
const forms: readonly (readonly [ShapeName, RegExp, (text: string) => string])[] = [
  ['empty', /^$/, nothing],
  ['uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, versionOf],
  ['ulid', /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, nothing],
  ['jwt', /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*$/, nothing],
  ['crypt', cryptForm, (text) => cryptForm.exec(text)?.[1] ?? ''],
  ['markup', /^\s*<[a-z!][\s\S]*>\s*$/i, nothing],
  ['date', /^\d{4}-\d\d-\d\d$/, nothing],
  ['ip', /^(?:\d{1,3}\.){3}\d{1,3}$|^(?=.*:.*:)[0-9a-f:.]{2,45}$/i, ipVersionOf],
  ['email', /^[^\s@]{1,64}@[^\s@]{1,255}$/, nothing],
  // Padded base64: one token in 64 begins with a slash, and is no path for it.
  ['word', /^[\w+/]{16,}={1,2}$/, nothing],
  ['url', /^(?:https?:\/)?\/\S*$/, originOf],
  ['digits', /^\d+$/, nothing],
  ['hex', /^(?=.*\d)(?:[0-9a-f]{16,}|[0-9A-F]{16,})$/, lengthOf],
  ['word', /^[\w.~+/=-]+$/, nothing],
]

/** Beyond this a text is text: a form is short, and a regular expression is not free. */
const longestForm = 2_048

const textShape = (text: string): Shape => {
  if (text.length > longestForm) return { name: 'text', detail: null, values: null }
  const time = timeDetail(text)
  if (time !== null) return { name: 'time', detail: time, values: null }
  const form = forms.find(([, pattern]) => pattern.test(text))
  if (form === undefined) return { name: 'text', detail: null, values: null }
  return { name: form[0], detail: form[2](text), values: null }
}

/** 2001 to 2096 in seconds, and the same years in milliseconds. */
const numberName = (text: string): ShapeName => {
  if (!/^-?\d+$/.test(text)) return 'number'
  if (/^[1-3]\d{9}$/.test(text)) return 'epochSeconds'
  return /^[1-3]\d{12}$/.test(text) ? 'epochMilliseconds' : 'integer'
}

/** The narrowest shape of one value. */
export const shapeOf = (value: JsonValue): Shape => {
  if (typeof value === 'string') return textShape(value)
  const type = jsonType(value)
  const isNumber = typeof value === 'object' && value !== null && !isJsonArray(value)
  if (isNumber && value.kind === 'number')
    return { name: numberName(value.text), detail: null, values: null }
  return { name: type as ShapeName, detail: null, values: null }
}

const above = (name: ShapeName): ShapeName[] => {
  const names: ShapeName[] = []
  for (let at: ShapeName | null = name; at !== null; at = wider[at]) names.push(at)
  return names
}

/** The narrowest shape that covers both. */
export const joinShapes = (a: Shape, b: Shape): Shape => {
  const names = above(b.name)
  const name = above(a.name).find((each) => names.includes(each)) ?? 'any'
  const isSame = a.name === b.name && a.detail === b.detail
  return { name, detail: isSame ? a.detail : null, values: null }
}

/** Values seen before few distinct ones are taken for all there are. */
const samplesForEnum = 20
const mostValues = 8

/**
 * What values of one place have in common: a constant, one of a few, or a form.
 *
 * @param values at least one
 */
export const learnShape = (values: readonly JsonValue[]): Shape => {
  const shapes = values.map(shapeOf)
  const joined = shapes.reduce(joinShapes)
  const distinct = [...new Set(values.map(canonicalText))]
  const isEnum = values.length >= samplesForEnum && distinct.length <= mostValues
  return isEnum ? { ...joined, values: distinct } : joined
}

/** Whether a value has the shape. */
export const fitsShape = (shape: Shape, value: JsonValue): boolean => {
  if (shape.values !== null) return shape.values.includes(canonicalText(value))
  const found = shapeOf(value)
  if (!above(found.name).includes(shape.name)) return false
  return shape.detail === null || found.name !== shape.name || found.detail === shape.detail
}

/** Forms that say nothing of what they hold: one such value may become another. */
const loose: ReadonlySet<ShapeName> = new Set(['word', 'digits', 'text'])

const plainNumbers: ReadonlySet<ShapeName> = new Set(['integer', 'number'])

/** Like `fitsShape`; but of a few values nobody knows that longer words and broken numbers never come. */
export const fitsLoosely = (shape: Shape, value: JsonValue): boolean => {
  if (shape.values !== null || fitsShape(shape, value)) return fitsShape(shape, value)
  const { name } = shapeOf(value)
  return [loose, plainNumbers].some((family) => family.has(shape.name) && family.has(name))
}

/** Alphabets of random tokens, a few of which look like a number, a ULID or a path by chance. */
const alphabets: readonly RegExp[] = [
  /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/,
  /^(?:[0-9A-F]{16}|[0-9A-F]{32})$/,
  /^[\dA-Z]{26}$/,
  /^(?=.*[a-z])(?=.*[A-Z])[A-Za-z\d+/]{22,128}$/,
]

const areTokens = (left: JsonValue, right: JsonValue): boolean =>
  typeof left === 'string' &&
  typeof right === 'string' &&
  left.length === right.length &&
  alphabets.some((alphabet) => alphabet.test(left) && alphabet.test(right))

/**
 * Whether modern's value could have been legacy's, as far as one look can tell. A short word may
 * become a longer text; a time may not become a word, nor anything the empty text.
 */
export const sameShape = (legacy: JsonValue, modern: JsonValue): boolean => {
  if (areTokens(legacy, modern)) return true
  const [left, right] = [shapeOf(legacy), shapeOf(modern)]
  if (loose.has(left.name) && loose.has(right.name)) return true
  const isEpoch = left.name.startsWith('epoch') && right.name.startsWith('epoch')
  if (above(left.name).includes('number') && !isEpoch) return above(right.name).includes('number')
  return left.name === right.name && left.detail === right.detail
}

const countable: ReadonlySet<ShapeName> = new Set(['integer', 'digits'])

/** What is written where there is no id. */
const noIds: ReadonlySet<string> = new Set([...standIns, 'true', 'false'])

/** Sequences count from 1: 0 and what is below it stand for no id. */
const textIdClass = (text: string): string => {
  if (noIds.has(text)) return `none ${text}`
  if (/^\d+$/.test(text)) return `digits ${Math.sign(Number(text))}`
  // Of whatever version: another library makes another one.
  return shapeOf(text).name === 'uuid' ? 'uuid' : 'text'
}

const idClass = (value: JsonValue): string => {
  if (typeof value === 'string') return textIdClass(value)
  const { name, detail } = shapeOf(value)
  const form = above(name).find((each) => countable.has(each))
  if (form === undefined) return `${name} ${detail}`
  return `${form} ${Math.sign(Number(nameText(value)))}`
}

const randomLength = 8
const tokenClasses: ReadonlySet<string> = new Set(['digits 1', 'text'])

/** Of random digits and letters some have only digits. */
const areRandomIds = (legacy: JsonValue, modern: JsonValue): boolean =>
  typeof legacy === 'string' &&
  typeof modern === 'string' &&
  legacy.length === modern.length &&
  legacy.length >= randomLength &&
  tokenClasses.has(idClass(legacy)) &&
  tokenClasses.has(idClass(modern))

/** Whether both could be ids of one kind of thing: narrower than `sameShape`, a word is no number. */
export const sameIdClass = (legacy: JsonValue, modern: JsonValue): boolean =>
  idClass(legacy) === idClass(modern) || areRandomIds(legacy, modern)

export const anyOf = (name: ShapeName): Shape => ({ name, detail: null, values: null })
