/**
 * What a rule is, and what each verb overlooks. Rules are data: they are hashed into the epoch,
 * cross threads, and can be shown. docs/reference/rules.md carries every verb and option (tested).
 */
import type { DifferenceKind, Finding, Part } from './difference.ts'
import { instantOf } from './instant.ts'
import { isJsonArray, type JsonValue } from './json.ts'
import { jsonText } from './json-text.ts'
import { keyText } from './key.ts'
import { canonicalNumber, decimalOf, distanceOf } from './number.ts'
import type { PathPattern } from './place.ts'
import { anyOf, fitsShape, type ShapeName, sameShape } from './shape.ts'

/** Two spellings of one thing, each only as far as its name says. */
export const coercions = [
  'numberString',
  'booleanNumber',
  'nullAbsent',
  'nullEmpty',
  'emptyArrayObject',
  'phpDateTime',
] as const
export type Coercion = (typeof coercions)[number]

export const timePrecisions = { day: 86_400_000, minute: 60_000, s: 1_000, ms: 1 } as const

/** What the verbs take; each takes only some of them. */
export interface RuleOptions {
  /** Kinds besides values that `ignore` overlooks: said, never assumed. */
  readonly allow?: readonly DifferenceKind[]
  readonly shape?: ShapeName
  readonly abs?: number
  readonly rel?: number
  /** Digits after the point. */
  readonly scale?: number
  readonly toleranceMs?: number
  readonly precision?: keyof typeof timePrecisions
  /** Minutes east of Greenwich of times that name no zone. */
  readonly zone?: number
  readonly between?: Coercion
  /** Members that name an element, or that a list is sorted by. */
  readonly by?: readonly string[]
  readonly order?: 'strict' | 'sorted' | 'ignored'
  /** Scalars as JSON text; absent: nothing is there. */
  readonly legacy?: string
  readonly modern?: string
}

export type Verb =
  | 'ignore'
  | 'shape'
  | 'number'
  | 'spelling'
  | 'time'
  | 'coerce'
  | 'case'
  | 'whitespace'
  | 'key'
  | 'order'
  | 'identity'
  | 'expect'

/** For which exchanges a rule holds; null: for all. */
export interface RuleScope {
  readonly routes: readonly string[] | null
  /** Codes, or classes as `4xx`. */
  readonly statuses: readonly string[] | null
  /** Media types without parameters. */
  readonly types: readonly string[] | null
}

export interface Rule {
  /** Unique among the rules of a comparison: `php#2`. */
  readonly id: string
  readonly verb: Verb
  readonly path: PathPattern
  readonly why: string
  readonly owner: string | null
  /** `2026-12-31`: the last day on which it holds. */
  readonly expires: string | null
  readonly when: RuleScope
  readonly options: RuleOptions
}

type Excuses = (finding: Finding, options: RuleOptions, part: Part) => boolean

const never: Excuses = () => false

/** What an ignored value may still be. A spelling is a value; a lost digit, a shape, a type are not. */
const values: ReadonlySet<DifferenceKind> = new Set(['value', 'spelling', 'order'])

/** Whether a changed value still looks like what it was; only values have a shape. */
export const keepsShape = ({ kind, legacy, modern }: Finding): boolean =>
  kind !== 'value' || legacy === undefined || modern === undefined || sameShape(legacy, modern)

const ignores: Excuses = (finding, { allow = [] }) => {
  if (allow.includes(finding.kind)) return true
  return values.has(finding.kind) && (allow.includes('shape') || keepsShape(finding))
}

const bothTexts = ({ legacy, modern }: Finding): [string, string] | null =>
  typeof legacy === 'string' && typeof modern === 'string' ? [legacy, modern] : null

/** A number, or a text that is exactly one. */
const numberText = (value: JsonValue | undefined): string | null => {
  if (typeof value === 'string') return decimalOf(value) && value
  if (value === null || typeof value !== 'object' || isJsonArray(value)) return null
  return value.kind === 'number' ? value.text : null
}

const scaled = (text: string, scale: number): string => {
  const value = Number(text)
  return Math.abs(value) < 1e15 ? value.toFixed(scale) : text
}

const isNear = (a: string, b: string, { abs, rel, scale }: RuleOptions): boolean => {
  if (canonicalNumber(a) === canonicalNumber(b)) return true
  const off = distanceOf(a, b)
  const largest = Math.max(Math.abs(Number(a)), Math.abs(Number(b)))
  if (abs !== undefined && off <= abs) return true
  if (rel !== undefined && off <= rel * largest) return true
  return scale !== undefined && scaled(a, scale) === scaled(b, scale)
}

const numbers: Excuses = ({ legacy, modern, kind }, options) => {
  const [left, right] = [numberText(legacy), numberText(modern)]
  const isSameType = typeof legacy === typeof modern && kind !== 'precision'
  return left !== null && right !== null && isSameType && isNear(left, right, options)
}

const times: Excuses = (finding, { toleranceMs = 0, precision, zone = 0 }) => {
  const texts = bothTexts(finding)
  const [left, right] = [texts?.[0] ?? '', texts?.[1] ?? ''].map((text) => instantOf(text, zone))
  if (left == null || right == null) return false
  const unit = precision === undefined ? null : timePrecisions[precision]
  const cut = (ms: number): number => (unit === null ? ms : Math.floor(ms / unit) * unit)
  return Math.abs(cut(left.ms) - cut(right.ms)) <= toleranceMs
}

const isNothing = (value: JsonValue | undefined): boolean =>
  value === '' || (typeof value === 'object' && value !== null && isEmptyContainer(value))

const isEmptyContainer = (value: JsonValue | undefined): boolean => {
  if (value === null || typeof value !== 'object') return false
  if (isJsonArray(value)) return value.length === 0
  return value.kind === 'object' && value.members.size === 0
}

/** 1 and 0, as numbers or as text. */
const booleanOf = (value: JsonValue | undefined): boolean | null => {
  if (typeof value === 'boolean') return value
  const text = numberText(value)
  if (text === '1') return true
  return text === '0' ? false : null
}

/** `{"date": "2020-01-02 03:04:05.000000", "timezone_type": 3, "timezone": "UTC"}` */
const phpDateTime = (value: JsonValue | undefined): number | null => {
  if (typeof value === 'string') return instantOf(value)?.ms ?? null
  if (value === null || typeof value !== 'object' || isJsonArray(value)) return null
  if (value.kind !== 'object' || !value.members.has('timezone_type')) return null
  const [date, zone] = [value.members.get('date'), value.members.get('timezone')]
  if (typeof date !== 'string' || typeof zone !== 'string') return null
  return instantOf(`${date}${/^[+-]/.test(zone) ? zone : ` ${zone}`}`)?.ms ?? null
}

const isSame = <T>(a: T | null, b: T | null): boolean => a !== null && a === b

type Pair = (a: JsonValue | undefined, b: JsonValue | undefined) => boolean

/** Each is asked both ways round. */
const coerced: Readonly<Record<Coercion, Pair>> = {
  numberString: (a, b) => {
    const [left, right] = [numberText(a), numberText(b)]
    return left !== null && right !== null && canonicalNumber(left) === canonicalNumber(right)
  },
  booleanNumber: (a, b) => isSame(booleanOf(a), booleanOf(b)),
  nullAbsent: (a, b) => a === null && b === undefined,
  nullEmpty: (a, b) => a === null && isNothing(b),
  emptyArrayObject: (a, b) => isEmptyContainer(a) && isEmptyContainer(b),
  phpDateTime: (a, b) => isSame(phpDateTime(a), phpDateTime(b)),
}

const coerces: Excuses = ({ legacy, modern }, { between }) =>
  between !== undefined && (coerced[between](legacy, modern) || coerced[between](modern, legacy))

const textual =
  (normal: (text: string) => string): Excuses =>
  (finding) => {
    const texts = bothTexts(finding)
    return texts !== null && normal(texts[0]) === normal(texts[1])
  }

const hasShape: Excuses = ({ legacy, modern }, { shape = 'any' }) =>
  legacy !== undefined &&
  modern !== undefined &&
  fitsShape(anyOf(shape), legacy) &&
  fitsShape(anyOf(shape), modern)

const scalarText = (value: JsonValue | undefined): string | undefined =>
  value === undefined ? undefined : jsonText(value)

const expects: Excuses = (finding, { legacy, modern }) =>
  scalarText(finding.legacy) === legacy && scalarText(finding.modern) === modern

/** What a list is sorted by, element by element. */
const projected = (value: JsonValue | undefined, by: readonly string[]): string | null =>
  Array.isArray(value) ? value.map((element) => keyText(element, by) ?? '').join('\u0001') : null

/** Sorted by a member, elements that are equal in it may stand in any order. */
const orders: Excuses = ({ kind, legacy, modern }, { order, by = [] }) => {
  if (kind !== 'order' || order === 'strict') return false
  return order === 'ignored' || projected(legacy, by) === projected(modern, by)
}

/** What each verb overlooks. `key` overlooks nothing: it says how lists are laid side by side. */
const verbs: Readonly<Record<Verb, Excuses>> = {
  ignore: ignores,
  shape: hasShape,
  number: numbers,
  spelling: ({ kind }) => kind === 'spelling',
  time: times,
  coerce: coerces,
  case: textual((text) => text.toLowerCase()),
  whitespace: textual((text) => text.replace(/\s+/g, ' ').trim()),
  key: never,
  order: orders,
  identity: never,
  expect: expects,
}

export const verbNames: readonly Verb[] = Object.keys(verbs) as Verb[]

/** Whether the rule's verb overlooks the finding, its place aside. */
export const excuses = (rule: Rule, finding: Finding, part: Part): boolean =>
  verbs[rule.verb](finding, rule.options, part)

/** Whether a rule about a place speaks of everything below it too. */
export const reachesBelow = (verb: Verb): boolean => verb === 'ignore'
