/** What evidence says of rules: which were needed, where, and which nobody misses. Pure. */
import type { Rule } from '../compare/rule.ts'
import { type Lint, lintRules, type RuleUse } from '../compare/rule-lint.ts'
import type { Evidence } from './evidence.ts'

const day = 24 * 3_600_000

/** How each of the rules did while the evidence was gathered. */
export const ruleUses = (
  rules: readonly Rule[],
  { places, since, last, trials }: Evidence,
): ReadonlyMap<string, RuleUse> => {
  const days = (last - since) / day
  const patternsOf = (id: string): string[] => [
    ...new Set(places.filter(({ rule }) => rule === id).map(({ pattern }) => pattern)),
  ]
  return new Map(
    rules.map(({ id }) => [id, { days, comparisons: trials, patterns: patternsOf(id) }]),
  )
}

/** Patterns of every place that was ever found to differ, whatever became of it. */
const placesOf = ({ places }: Evidence): readonly string[] => [
  ...new Set(places.map(({ pattern }) => pattern)),
]

/** Needs every place that answers have, not only those that differed. */
const needsMore = (lint: Lint): boolean => lint.finding === 'unmatched'

/** A ruleset is meant for many routes: that one of its rules has nothing to do here is well. */
const isElsewhere = ({ finding, rule }: Lint, route: string): boolean =>
  finding === 'dead' && !rule.startsWith(`${route}#`)

/**
 * Everything that is wrong with the rules of a route, its evidence considered. That nothing needs a
 * rule is said only of those that the route itself writes.
 *
 * @param today `2026-12-31`
 */
export const lintByEvidence = (
  rules: readonly Rule[],
  evidence: Evidence,
  today: string,
): readonly Lint[] => {
  const uses = ruleUses(rules, evidence)
  const found = lintRules({ rules, uses, places: placesOf(evidence), today })
  return found.filter((lint) => !needsMore(lint) && !isElsewhere(lint, evidence.route))
}
