/** Whether a pattern speaks of a place, or of all that another one speaks of. Pure. */
import type { Part } from './difference.ts'
import {
  type ItemStep,
  type One,
  type PathPattern,
  parsePattern,
  type Segment,
  type Step,
  type Test,
} from './place.ts'

const passes = (test: Test, step: ItemStep): boolean =>
  'index' in test ? test.index === step.index : step.has(test.key, test.text)

const fits = (segment: One, step: Step): boolean => {
  const { name, test } = segment
  if (typeof step === 'string') return test === null && (name === null || name === step)
  if ('data' in step) return test === null && (name === null || name === step.data)
  if (test !== null) return name === step.name && passes(test, step)
  return name === null || name === (step.name === '' ? String(step.index) : step.name)
}

/** How far steps have come in a pattern: places in its segments, ascending; its length: they are through. */
export type Progress = readonly number[]

/** Adds a place, and those behind it where `**` may be no step at all. */
const reachInto = (next: number[], segments: readonly Segment[], from: number): void => {
  for (let at = from; ; at++) {
    if ((next.at(-1) ?? -1) < at) next.push(at)
    if (segments[at]?.is !== 'deep') return
  }
}

const begun = (segments: readonly Segment[]): Progress => {
  const next: number[] = []
  reachInto(next, segments, 0)
  return next
}

const advance = <T>(
  segments: readonly Segment[],
  progress: Progress,
  step: T,
  fits: (segment: One, step: T) => boolean,
): Progress => {
  const next: number[] = []
  for (const at of progress) {
    const wanted = segments[at]
    if (wanted?.is === 'deep') reachInto(next, segments, at)
    else if (wanted !== undefined && fits(wanted, step)) reachInto(next, segments, at + 1)
  }
  return next
}

const isThrough = (segments: readonly Segment[], progress: Progress): boolean =>
  progress.at(-1) === segments.length

/** All ways at once, so that the work is at most segments times steps, however many `**` there are. */
const follows = <T>(
  segments: readonly Segment[],
  steps: readonly T[],
  fits: (segment: One, step: T) => boolean,
): boolean => {
  const start = begun(segments)
  const end = steps.reduce((progress, step) => advance(segments, progress, step, fits), start)
  return isThrough(segments, end)
}

const anywhere: Segment = { is: 'deep' }

const reach = ({ segments }: PathPattern, below: boolean): readonly Segment[] =>
  below ? [...segments, anywhere] : segments

/** A pattern that is followed step by step. */
export interface Follower {
  /** At the root of a part. */
  begin(part: Part): Progress
  next(progress: Progress, step: Step): Progress
  isThere(progress: Progress): boolean
}

/** @param below whether everything under the place belongs to it too */
export const createFollower = (pattern: PathPattern, below: boolean): Follower => {
  const segments = reach(pattern, below)
  const start = begun(segments)
  return {
    begin: (part) => (part === pattern.part ? start : []),
    next: (progress, step) =>
      progress.length === 0 ? progress : advance(segments, progress, step, fits),
    isThere: (progress) => isThrough(segments, progress),
  }
}

/** @param below whether everything under the place belongs to it too */
export const matchesPlace = (
  pattern: PathPattern,
  part: Part,
  steps: readonly Step[],
  below: boolean,
): boolean => pattern.part === part && follows(reach(pattern, below), steps, fits)

/** Whether whatever the one segment fits, the other does. */
const fitsAll = (wide: One, narrow: Segment): boolean => {
  if (narrow.is === 'deep') return false
  if (wide.test === null) return wide.name === null || wide.name === narrow.name
  return JSON.stringify(wide) === JSON.stringify(narrow)
}

/**
 * Whether every place of one pattern is one of the other, too.
 *
 * @param below whether everything under their places belongs to both of them
 */
export const coversPattern = (wide: PathPattern, narrow: PathPattern, below: boolean): boolean =>
  wide.part === narrow.part && follows(reach(wide, below), reach(narrow, below), fitsAll)

const fitsSome = (rule: One, found: Segment): boolean =>
  found.is === 'deep' || rule.name === null || found.name === null || rule.name === found.name

/**
 * Whether some place that was found under `found` may be one of the rule's.
 *
 * @param found as `Place` has it
 * @param below whether everything under the rule's place belongs to it
 */
export const mayBeAbout = (rule: PathPattern, found: string, below: boolean): boolean => {
  const place = parsePattern(found)
  if (typeof place === 'string') return true
  return place.part === rule.part && follows(reach(rule, below), place.segments, fitsSome)
}
