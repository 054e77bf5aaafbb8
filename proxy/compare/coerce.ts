/** Two types for one value, each only as far as its name says. Pure. */
import { instantOf } from './instant.ts'
import { isJsonArray, type JsonValue } from './json.ts'
import { asObject, nameText } from './key.ts'
import { canonicalNumber, decimalOf } from './number.ts'
import { phpZoneMinutes } from './php-zone.ts'

export const coercions = [
  'numberString',
  'booleanNumber',
  'nullAbsent',
  'nullEmpty',
  'emptyArrayObject',
  'emptyMap',
  'phpDateTime',
] as const
export type Coercion = (typeof coercions)[number]

/** A number, or a text that is exactly one. */
export const numberText = (value: JsonValue | undefined): string | null => {
  if (typeof value === 'string') return decimalOf(value) && value
  if (value === null || typeof value !== 'object' || isJsonArray(value)) return null
  return value.kind === 'number' ? value.text : null
}

const isEmptyList = (value: JsonValue | undefined): boolean =>
  typeof value === 'object' && value !== null && isJsonArray(value) && value.length === 0

const isEmptyObject = (value: JsonValue | undefined): boolean => asObject(value)?.members.size === 0

/** Legacy's empty list for modern's empty object. */
export const isEmptyMap = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  isEmptyList(a) && isEmptyObject(b)

const isEmptyContainer = (value: JsonValue | undefined): boolean =>
  isEmptyList(value) || isEmptyObject(value)

/** 1 and 0, as numbers or as text. */
const booleanOf = (value: JsonValue | undefined): boolean | null => {
  const text = numberText(value)
  if (text === '1') return true
  return text === '0' ? false : null
}

/** A `Date` has no microseconds. */
const wholeMs = (ms: number): number => Math.floor(ms)

/** `{"date": "2020-01-02 03:04:05.000000", "timezone_type": 3, "timezone": "Europe/Berlin"}` */
const phpInstant = (value: JsonValue | undefined): number | null => {
  const members = asObject(value)?.members
  const type = nameText(members?.get('timezone_type'))
  if (members === undefined || type === null) return null
  const [date, zone] = [members.get('date'), members.get('timezone')]
  if (typeof date !== 'string' || typeof zone !== 'string') return null
  const local = instantOf(date)
  if (local?.zone !== 'none') return null
  const minutes = phpZoneMinutes(zone, type, local.ms)
  return minutes === null ? null : wholeMs(local.ms - minutes * 60_000)
}

/** A text that names no zone is no instant. */
const textInstant = (value: JsonValue | undefined): number | null => {
  const instant = typeof value === 'string' ? instantOf(value) : null
  return instant === null || instant.zone === 'none' ? null : wholeMs(instant.ms)
}

const isSame = <T>(a: T | null, b: T | null): boolean => a !== null && a === b

type Pair = (a: JsonValue | undefined, b: JsonValue | undefined) => boolean

const pairs: Readonly<Record<Coercion, Pair>> = {
  numberString: (a, b) => {
    const [number, text] = [numberText(a), numberText(b)]
    const areBoth = typeof a === 'object' && typeof b === 'string'
    return areBoth && isSame(canonicalNumber(number ?? ''), canonicalNumber(text ?? ''))
  },
  booleanNumber: (a, b) => typeof a === 'boolean' && a === booleanOf(b),
  nullAbsent: (a, b) => a === null && b === undefined,
  nullEmpty: (a, b) => a === null && (b === '' || isEmptyContainer(b)),
  emptyArrayObject: (a, b) => isEmptyContainer(a) && isEmptyContainer(b),
  emptyMap: isEmptyMap,
  phpDateTime: (a, b) => isSame(phpInstant(a), textInstant(b)),
}

/** Legacy's `{}` is meant, whatever modern has. */
const oneWay: ReadonlySet<Coercion> = new Set(['emptyMap'])

/** Whether both are one value in these two types, whichever of them is which where that may be. */
export const isCoerced = (
  between: Coercion,
  legacy: JsonValue | undefined,
  modern: JsonValue | undefined,
): boolean =>
  pairs[between](legacy, modern) || (!oneWay.has(between) && pairs[between](modern, legacy))
