/**
 * Rules for what is written: legacy is never asked to write twice, so nobody knows its noise. What can
 * be told is that a place differs again and again in values of a form that is drawn or salted, which
 * no two runs have in common. Everything else is for a person to judge. Pure.
 */
import type { NoiseCount } from './noise-ledger.ts'
import type { ShapeName } from './shape.ts'
import type { Suggestion } from './suggest-rules.ts'

const leastSeen = 3

/** What has one of these forms is made anew each time: an id, a token, a digest with its salt. */
const drawn: ReadonlySet<ShapeName> = new Set(['uuid', 'ulid', 'jwt', 'hex', 'crypt'])

const objection = ({ kind, shape, seen, isHidden }: NoiseCount): string | null => {
  if (isHidden === true) return 'its name looks like a secret, and is not shown'
  if (kind !== 'value') return 'what only one of them writes is no noise'
  // One of few values is not drawn.
  if (shape === null || shape.values !== null || !drawn.has(shape.name))
    return 'its values may be drawn or wrong: nobody can tell from their form'
  return seen < leastSeen ? 'too few to tell noise from a fault' : null
}

const counted = ({ seen, shape }: NoiseCount, written: number): string => {
  const always = shape === null || shape.name === 'any' ? '' : `, always as ${shape.name}`
  return `modern writes another value here in ${seen} of the ${written} requests whose writes differed${always}`
}

const suggested = (place: NoiseCount, written: number): Suggestion => {
  const { pattern, kind } = place
  const why = counted(place, written)
  const against = objection(place)
  return against === null
    ? { pattern, kind, rule: { ignore: pattern, why }, why }
    : { pattern, kind, rule: null, why: `${against} (${why})` }
}

/**
 * The most frequent first.
 *
 * @param written requests whose writes differed
 */
export const suggestedWriteRules = (
  counts: readonly NoiseCount[],
  written: number,
): readonly Suggestion[] =>
  counts
    .toSorted((a, b) => b.seen - a.seen || a.pattern.localeCompare(b.pattern))
    .map((place) => suggested(place, written))
