/** Puts what was found in the writes beside what was found in the answers. Pure. */
import type { Comparison } from '../../compare/compare.ts'
import type { Confirmation } from '../../compare/confirm.ts'
import { type Finding, gravest } from '../../compare/difference.ts'
import { type LearnedPlace, learnNoise } from '../../compare/learn-noise.ts'
import type { Outcome } from '../../compare/outcome.ts'
import type { Rule } from '../../compare/rule.ts'
import { createWalk, type Findings } from '../../compare/walk.ts'
import type { WriteDifference } from './report.ts'

/** An answer that came to one of these says nothing against a difference elsewhere. */
const told: ReadonlySet<Outcome> = new Set(['identical', 'equivalent', 'noise', 'mismatch'])

/** `articles/insert/title`; a table may be called like anything. */
const placeForm = /^(.*?)\/(insert|update|delete)(?:\/(.*))?$/s

interface Written {
  readonly steps: readonly string[]
  readonly finding: Finding
}

const writtenOf = ({ place, kind, legacy, modern }: WriteDifference): Written => {
  const [, ...found] = placeForm.exec(place) ?? ['', place]
  const steps = found.filter((step) => step !== undefined)
  // Of a row there is something or nothing; a column may hold NULL.
  const isRow = steps.length < 3
  const side = (value: string | null): string | null | undefined =>
    isRow && value === null ? undefined : value
  return { steps, finding: { kind, legacy: side(legacy), modern: side(modern) } }
}

const judged = (writes: readonly WriteDifference[], rules: readonly Rule[]): Findings => {
  const walk = createWalk({ rules, noise: [], identities: null })
  walk.begin('writes')
  for (const { steps, finding } of writes.map(writtenOf)) {
    steps.forEach(walk.enter)
    walk.report(finding.kind, finding.legacy, finding.modern)
    steps.forEach(walk.leave)
  }
  return walk.found
}

/** That rules overlook a write makes two answers no longer one and the same, and nothing else of them. */
const outcomeWith = <O extends Outcome>(outcome: O, { differences, excused }: Findings) => {
  if (differences.length > 0) return 'mismatch'
  return outcome === 'identical' && excused.length > 0 ? 'equivalent' : outcome
}

const joined = (answers: Comparison, writes: Findings): Comparison => {
  const differences = [...answers.differences, ...writes.differences]
  return {
    ...answers,
    outcome: outcomeWith(answers.outcome, writes),
    differences,
    excused: [...answers.excused, ...writes.excused],
    omitted: answers.omitted + writes.omitted,
    severity: gravest(differences),
  }
}

export interface WithWrites {
  readonly found: Confirmation
  /** What no rule overlooks of the writes, for suggestions; it holds values. */
  readonly learned: readonly LearnedPlace[]
}

/**
 * Writes are never repeated, so never confirmed by that.
 *
 * @param rules that hold for this exchange
 */
export const withWrites = (
  found: Confirmation,
  writes: readonly WriteDifference[],
  rules: readonly Rule[],
): WithWrites => {
  if (writes.length === 0 || !told.has(found.outcome)) return { found, learned: [] }
  const written = judged(writes, rules)
  const outcome = outcomeWith(found.outcome, written)
  return {
    found: { ...found, outcome, reason: null, comparison: joined(found.comparison, written) },
    learned: learnNoise({ ...found.comparison, differences: written.differences }),
  }
}
