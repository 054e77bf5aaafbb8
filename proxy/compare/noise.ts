/**
 * What legacy shows against itself, by place. Noise is no licence: a noisy value must still have the
 * shape that legacy gives it, and a place where only values vary excuses no missing member. Pure.
 */
import { type Bounds, isWithin } from './bounds.ts'
import type { Difference, DifferenceKind, Finding } from './difference.ts'
import { instantOf } from './instant.ts'
import { type JsonValue, jsonType } from './json.ts'
import { namedPattern } from './place.ts'
import { fitsLoosely, type Shape } from './shape.ts'
import { standIns } from './stand-ins.ts'

export interface NoisyPlace {
  /** As in `Difference.pattern`. */
  readonly pattern: string
  /** As `namedPattern` tells them, where few; absent: more than can be listed, so any of the pattern. */
  readonly names?: readonly string[]
  /** The kind of difference that legacy shows there. */
  readonly kind: DifferenceKind
  /** What all of legacy's values have in common; null: not learned, so no value is noise. */
  readonly shape: Shape | null
  /** Milliseconds by which legacy's own times differed at most. */
  readonly spreadMs: number
  /** JSON types that legacy has there; absent: any. */
  readonly types?: readonly string[]
  /** Of the texts that stand for nothing, those that legacy has there; absent: any. */
  readonly standIns?: readonly string[]
  /** What all of many values have in common; absent: there were too few to tell. */
  readonly bounds?: Bounds
}

const leastSpreadMs = 2_000

/** Times near each other, as those of two requests for one thing are. */
const isNear = ({ legacy, modern }: Finding, spreadMs: number): boolean => {
  if (typeof legacy !== 'string' || typeof modern !== 'string') return true
  const [left, right] = [instantOf(legacy), instantOf(modern)]
  if (left === null || right === null) return true
  return Math.abs(left.ms - right.ms) <= Math.max(leastSpreadMs, spreadMs * 3)
}

const hasType = ({ types }: NoisyPlace, { modern }: Finding): boolean =>
  types === undefined || (modern !== undefined && types.includes(jsonType(modern)))

/** A text that stands for nothing is no value but where legacy has it. */
const mayStand = (place: NoisyPlace, { legacy, modern }: Finding): boolean =>
  typeof modern !== 'string' ||
  !standIns.has(modern) ||
  place.standIns === undefined ||
  place.standIns.includes(modern) ||
  legacy === modern

/** Legacy's own value that is out of bounds shows that they are none. */
const isBound = ({ bounds }: NoisyPlace, legacy: JsonValue | undefined, modern: JsonValue) =>
  bounds === undefined ||
  isWithin(bounds, modern) ||
  (legacy !== undefined && !isWithin(bounds, legacy))

const fits = (place: NoisyPlace, finding: Finding): boolean => {
  if (finding.kind === 'type') return hasType(place, finding)
  // What comes and goes is, where it comes, what it is when legacy has it.
  if (finding.kind === 'extra' && !hasType(place, finding)) return false
  if (finding.kind !== 'value' && finding.kind !== 'extra') return true
  const { shape, spreadMs } = place
  if (shape === null || finding.modern === undefined) return false
  return (
    fitsLoosely(shape, finding.modern) &&
    mayStand(place, finding) &&
    isBound(place, finding.legacy, finding.modern) &&
    isNear(finding, spreadMs)
  )
}

/** Where a difference is. */
export type At = Pick<Difference, 'path' | 'pattern'>

/** One noisy name of an object with many says nothing of the others. */
const isAbout = ({ names, pattern }: NoisyPlace, at: At): boolean =>
  names === undefined ? pattern === at.pattern : names.includes(namedPattern(at))

/** Whether legacy differs from itself there, in this way. */
export const isNoise = (noise: readonly NoisyPlace[], at: At, finding: Finding): boolean =>
  noise.some((place) => place.kind === finding.kind && isAbout(place, at) && fits(place, finding))
