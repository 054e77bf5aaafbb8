/**
 * What a rule is, and what each verb overlooks. Rules are data: they are hashed into the epoch,
 * cross threads, and can be shown. docs/reference/rules.md carries every verb and option (tested).
 */
import { type Coercion, isCoerced, numberText } from './coerce.ts'
import type { DifferenceKind, Finding, Part } from './difference.ts'
import { type Instant, instantOf } from './instant.ts'
import type { JsonValue } from './json.ts'
import { jsonText } from './json-text.ts'
import { keyText } from './key.ts'
import { zoneMinutesAt } from './named-zone.ts'
import { canonicalNumber, distanceOf, roundedNumber } from './number.ts'
import type { PathPattern } from './place.ts'
import { anyOf, fitsShape, type ShapeName, sameShape } from './shape.ts'

export const timePrecisions = { day: 86_400_000, minute: 60_000, s: 1_000, ms: 1 } as const

/** What the verbs take; each takes only some of them. */
export interface RuleOptions {
  /** Kinds besides values that `ignore` overlooks: said, never assumed. */
  readonly allow?: readonly DifferenceKind[]
  readonly shape?: ShapeName
  readonly abs?: number
  readonly rel?: number
  /** Digits after the point, rounded half away from zero. */
  readonly scale?: number
  readonly toleranceMs?: number
  readonly precision?: keyof typeof timePrecisions
  /** Of times that name none: `UTC`, `+02:00`, `Europe/Berlin`; absent: those equal only their like. */
  readonly zone?: string
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

/** Whether its last day is over. Null: there is no day, and every rule holds. */
export const isExpired = ({ expires }: Rule, today: string | null): boolean =>
  expires !== null && today !== null && expires < today

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

const isNear = (a: string, b: string, { abs, rel, scale }: RuleOptions): boolean => {
  if (canonicalNumber(a) === canonicalNumber(b)) return true
  const off = distanceOf(a, b)
  const largest = Math.max(Math.abs(Number(a)), Math.abs(Number(b)))
  if (abs !== undefined && off <= abs) return true
  if (rel !== undefined && off <= rel * largest) return true
  return scale !== undefined && roundedNumber(a, scale) === roundedNumber(b, scale)
}

const numbers: Excuses = ({ legacy, modern }, options) => {
  const [left, right] = [numberText(legacy), numberText(modern)]
  const isSameType = typeof legacy === typeof modern
  return left !== null && right !== null && isSameType && isNear(left, right, options)
}

const instantIn = (text: string, zone: string | undefined): Instant | null => {
  const instant = instantOf(text)
  if (instant?.zone !== 'none' || zone === undefined) return instant
  const minutes = zoneMinutesAt(zone, instant.ms)
  return minutes === null ? null : { ...instant, ms: instant.ms - minutes * 60_000 }
}

/** Of two times of which one names no zone, nobody knows that they are one, unless the rule does. */
const areInZones = (a: Instant, b: Instant): boolean => (a.zone === 'none') === (b.zone === 'none')

const times: Excuses = (finding, { toleranceMs = 0, precision, zone }) => {
  const texts = bothTexts(finding)
  const [left, right] = [texts?.[0] ?? '', texts?.[1] ?? ''].map((text) => instantIn(text, zone))
  if (left == null || right == null) return false
  if (zone === undefined && !areInZones(left, right)) return false
  const unit = precision === undefined ? null : timePrecisions[precision]
  const cut = (ms: number): number => (unit === null ? ms : Math.floor(ms / unit) * unit)
  return Math.abs(cut(left.ms) - cut(right.ms)) <= toleranceMs
}

/** Where lists are, an empty one is no map. */
const coerces: Excuses = ({ legacy, modern, isList = false }, { between }) =>
  between !== undefined && isCoerced(between, legacy, modern) && !(between === 'emptyMap' && isList)

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

/** A config has no `1.10`, only 1.1. */
const isAsSaid = (value: JsonValue | undefined, said: string | undefined): boolean => {
  if (value === undefined || said === undefined) return value === said
  const text = jsonText(value)
  const number = canonicalNumber(text)
  return text === said || (number !== null && number === canonicalNumber(said))
}

const expects: Excuses = (finding, { legacy, modern }) =>
  isAsSaid(finding.legacy, legacy) && isAsSaid(finding.modern, modern)

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

/** Lost digits are overlooked only where a rule speaks of them: by their kind, or of both numbers. */
const speaksOfDigits: ReadonlySet<Verb> = new Set(['ignore', 'expect'])

/** Whether the rule's verb overlooks the finding, its place aside. */
export const excuses = (rule: Rule, finding: Finding, part: Part): boolean =>
  (finding.kind !== 'precision' || speaksOfDigits.has(rule.verb)) &&
  verbs[rule.verb](finding, rule.options, part)

/** Whether a rule lets a value become another of its shape, so that a new shape is worth a word. */
export const letsVary = (verb: Verb): boolean => verb === 'ignore' || verb === 'identity'

/** Whether a rule about a place speaks of everything below it too. */
export const reachesBelow = (verb: Verb): boolean => verb === 'ignore'
