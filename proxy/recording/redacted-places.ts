/** Where an answer was redacted. Pure. */
import { compare } from '../compare/compare.ts'
import type { Observation } from '../targets/send.ts'

/**
 * Patterns of the places whose values stand for others, as `Difference.pattern`; each once. What
 * only the raw answer has is a name that was redacted, and not told.
 */
export const redactedPlaces = (raw: Observation, shown: Observation): readonly string[] => {
  const told = compare(raw, shown).differences.filter(({ kind }) => kind !== 'missing')
  return [...new Set(told.map(({ pattern }) => pattern))]
}

/** Whether a pattern is one of these places, above or below one. */
export const isAmong = (pattern: string, places: readonly string[]): boolean =>
  places.some(
    (place) =>
      pattern === place || pattern.startsWith(`${place}/`) || place.startsWith(`${pattern}/`),
  )
