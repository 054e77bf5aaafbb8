/** Puts what was found in the writes beside what was found in the answers. Pure. */
import type { Confirmation } from '../../compare/confirm.ts'
import { type Difference, gravest, kinds } from '../../compare/difference.ts'
import type { Outcome } from '../../compare/outcome.ts'
import type { WriteDifference } from './report.ts'

/** An answer that came to one of these says nothing against a difference elsewhere. */
const told: ReadonlySet<Outcome> = new Set(['identical', 'equivalent', 'noise', 'mismatch'])

const longest = 256

const shown = (value: string | null): string | null =>
  value === null ? null : JSON.stringify(value).slice(0, longest)

const differenceOf = ({ place, kind, legacy, modern }: WriteDifference): Difference => ({
  path: `writes:${place}`,
  pattern: `writes:${place}`,
  kind,
  // What is written, and should not be, is there for good.
  severity: kind === 'extra' ? 'breaking' : kinds[kind].severity,
  legacy: shown(legacy),
  modern: shown(modern),
})

/** Never repeated, so never confirmed by that. */
export const withWrites = (
  found: Confirmation,
  writes: readonly WriteDifference[],
): Confirmation => {
  if (writes.length === 0 || !told.has(found.outcome)) return found
  const differences = [...found.comparison.differences, ...writes.map(differenceOf)]
  const severity = gravest(differences)
  const comparison = { ...found.comparison, outcome: 'mismatch', differences, severity } as const
  return { ...found, outcome: 'mismatch', reason: null, comparison }
}
