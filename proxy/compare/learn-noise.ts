/**
 * Learns what legacy shows against itself from its answer and the repeat of it. The values of a place
 * are learned as a shape, so that what varies may vary, and may not become something else. Pure.
 */
import type { Comparison } from './compare.ts'
import type { Difference, DifferenceKind } from './difference.ts'
import { instantOf } from './instant.ts'
import { type JsonValue, jsonType, parseJson } from './json.ts'
import { isNoise, type NoisyPlace } from './noise.ts'
import { namedPattern } from './place.ts'
import { learnShape } from './shape.ts'
import { standIns } from './stand-ins.ts'

/** Noise of one exchange, with what it was learned from. */
export interface LearnedPlace extends NoisyPlace {
  /** JSON texts of legacy's values, the short ones. */
  readonly values: readonly string[]
}

const longestValue = 64

const cut: Readonly<Record<string, string>> = { '[': '[]', '{': '{}' }

/** What a difference shows, as a value; of what was cut, its type. */
const shownValue = (text: string | null): JsonValue | undefined => {
  if (text === null) return undefined
  const parsed = parseJson(text)
  if ('value' in parsed) return parsed.value
  const whole = parseJson(cut[text.charAt(0)] ?? JSON.stringify(text.slice(1)))
  return 'value' in whole ? whole.value : text
}

const spreadOf = (left: JsonValue | undefined, right: JsonValue | undefined): number => {
  if (typeof left !== 'string' || typeof right !== 'string') return 0
  const [a, b] = [instantOf(left), instantOf(right)]
  return a === null || b === null ? 0 : Math.abs(a.ms - b.ms)
}

/** What comes and goes does both: which of two answers had it is chance. */
const alike = (kind: DifferenceKind): readonly DifferenceKind[] =>
  kind === 'missing' || kind === 'extra' ? ['missing', 'extra'] : [kind]

const isStandIn = (value: JsonValue): value is string =>
  typeof value === 'string' && standIns.has(value)

const learned = (difference: Difference): LearnedPlace[] => {
  const { pattern, kind, legacy, modern } = difference
  const sides = [shownValue(legacy), shownValue(modern)] as const
  const values = sides.filter((value) => value !== undefined)
  const texts = [legacy, modern].filter((text) => text !== null && text.length <= longestValue)
  return alike(kind).map((each) => ({
    pattern,
    names: [namedPattern(difference)],
    kind: each,
    shape: values.length === 0 ? null : learnShape(values),
    types: values.map(jsonType),
    standIns: values.filter(isStandIn),
    spreadMs: spreadOf(...sides),
    values: texts as string[],
  }))
}

/**
 * Every place at which legacy differs from itself, in which way, and what its values have in common.
 *
 * @param legacies legacy's answer compared with the repeat of it
 */
export const learnNoise = ({ differences }: Comparison): readonly LearnedPlace[] =>
  differences.flatMap(learned)

/** Whether legacy differs from itself where these two differ, in this way, in the same shape. */
export const isNoisyDifference = (noise: readonly NoisyPlace[], difference: Difference): boolean =>
  isNoise(noise, difference, {
    kind: difference.kind,
    legacy: shownValue(difference.legacy),
    modern: shownValue(difference.modern),
  })
