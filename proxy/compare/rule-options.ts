/** What each verb of a rule takes, and how it is read. Pure. */
import { readDuration } from '../config/units.ts'
import { coercions } from './coerce.ts'
import { type DifferenceKind, differenceKinds } from './difference.ts'
import { zoneMinutesAt } from './named-zone.ts'
import { decimalOf } from './number.ts'
import { type RuleOptions, timePrecisions, type Verb } from './rule.ts'
import { shapeNames } from './shape.ts'

export interface Option {
  /** What may be written, after "expected". */
  readonly expected: string
  /** JSON Schema of it. */
  readonly written: Readonly<Record<string, unknown>>
  /** Null: it is none of that. */
  readonly read: (value: unknown) => RuleOptions | null
}

const oneOrMore = (one: Option['written']): Option['written'] => ({
  anyOf: [one, { type: 'array', minItems: 1, items: one }],
})

const among = <const T extends string>(
  names: readonly T[],
  made: (name: T) => RuleOptions,
): Option => ({
  expected: `one of ${names.join(', ')}`,
  written: { enum: names },
  read: (value) => {
    const name = names.find((each) => each === value)
    return name === undefined ? null : made(name)
  },
})

const amount = (made: (value: number) => RuleOptions): Option => ({
  expected: 'a number from 0',
  written: { type: 'number', minimum: 0 },
  read: (value) => (typeof value === 'number' && value >= 0 ? made(value) : null),
})

/** One name or several. */
const names = (value: unknown): readonly string[] | null => {
  const list = Array.isArray(value) ? value : [value]
  const isNames = list.length > 0 && list.every((name) => typeof name === 'string' && name !== '')
  return isNames ? list : null
}

/** A number as text: what reads a config makes a double of one, and digits are lost. */
const longNumber = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return null
  const { number, ...others } = value as { readonly number?: unknown }
  const isAlone = Object.keys(others).length === 0
  return isAlone && typeof number === 'string' && decimalOf(number) !== null ? number : null
}

/** Of a whole number beyond 2^53 nobody can tell any more what was written. */
const isKept = (value: number): boolean =>
  Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value)

const isScalar = (value: unknown): boolean =>
  value === null ||
  ['string', 'boolean'].includes(typeof value) ||
  (typeof value === 'number' && isKept(value))

const scalarText = (value: unknown): string | null =>
  isScalar(value) ? JSON.stringify(value) : longNumber(value)

const scalar = (side: 'legacy' | 'modern'): Option => ({
  expected: 'text, a number, true, false or null; beyond 2^53: { number: "9007199254740993" }',
  written: {
    anyOf: [
      { type: ['string', 'number', 'boolean', 'null'] },
      {
        type: 'object',
        properties: { number: { type: 'string' } },
        required: ['number'],
        additionalProperties: false,
      },
    ],
  },
  read: (value) => {
    const text = scalarText(value)
    return text === null ? null : { [side]: text }
  },
})

const allow: Option = {
  expected: `a list of ${differenceKinds.join(', ')}`,
  written: oneOrMore({ enum: differenceKinds }),
  read: (value) => {
    const listed = names(value)
    const known = listed?.every((name) => differenceKinds.some((kind) => kind === name))
    return known === true ? { allow: listed as DifferenceKind[] } : null
  },
}

const scale: Option = {
  expected: 'a whole number from 0 to 20',
  written: { type: 'integer', minimum: 0, maximum: 20 },
  read: (value) =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 20
      ? { scale: Number(value) }
      : null,
}

const tolerance: Option = {
  expected: 'a duration like 500ms or 2s',
  written: { type: 'string' },
  read: (value) => {
    const toleranceMs = typeof value === 'string' ? readDuration(value) : null
    return toleranceMs === null ? null : { toleranceMs }
  },
}

const zone: Option = {
  expected: 'UTC, an offset like +02:00, or a place like Europe/Berlin',
  written: { type: 'string' },
  read: (value) => {
    const isZone = typeof value === 'string' && zoneMinutesAt(value, 0) !== null
    return isZone ? { zone: value } : null
  },
}

const by: Option = {
  expected: 'the name of a member, or a list of them',
  written: oneOrMore({ type: 'string', minLength: 1 }),
  read: (value) => {
    const listed = names(value)
    return listed === null ? null : { by: listed }
  },
}

const precisions = Object.keys(timePrecisions) as (keyof typeof timePrecisions)[]

/** The options of each verb. `required`: without one of these the rule says nothing. */
export const optionsOf: Readonly<
  Record<
    Verb,
    { readonly options: Readonly<Record<string, Option>>; readonly required: readonly string[] }
  >
> = {
  ignore: { options: { allow }, required: [] },
  shape: { options: { is: among(shapeNames, (shape) => ({ shape })) }, required: ['is'] },
  number: {
    options: { abs: amount((abs) => ({ abs })), rel: amount((rel) => ({ rel })), scale },
    required: [],
  },
  spelling: { options: {}, required: [] },
  time: {
    options: { tolerance, precision: among(precisions, (precision) => ({ precision })), zone },
    required: [],
  },
  coerce: {
    options: { between: among(coercions, (between) => ({ between })) },
    required: ['between'],
  },
  case: { options: {}, required: [] },
  whitespace: { options: {}, required: [] },
  key: { options: { by }, required: ['by'] },
  order: {
    options: { is: among(['strict', 'sorted', 'ignored'], (order) => ({ order })), by },
    required: ['is'],
  },
  identity: { options: {}, required: [] },
  expect: { options: { legacy: scalar('legacy'), modern: scalar('modern') }, required: [] },
}
