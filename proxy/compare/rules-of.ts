/** The rules by which a route is compared, the names of rulesets resolved. Pure. */
import type { Config, Route } from '../config/config.ts'
import type { Comparison, WrittenRule } from '../config/cutover-config.ts'
import type { Rule } from './rule.ts'
import { parseRules } from './rules.ts'
import { builtInRules } from './rulesets.ts'

type Rulesets = Readonly<Record<string, Comparison>>

const namedAt = (rule: Rule, at: number, name: string): Rule => ({
  ...rule,
  id: `${name}#${at + 1}`,
})

const parsed = (rule: WrittenRule, at: number, name: string): Rule[] =>
  parseRules([rule], name).rules.map((each) => namedAt(each, at, name))

/** @param above rulesets that are being resolved: none of them is resolved within itself */
const resolved = (
  entries: Comparison,
  name: string,
  rulesets: Rulesets,
  above: readonly string[],
): Rule[] =>
  entries.flatMap((entry, at): readonly Rule[] => {
    if (typeof entry !== 'string') return parsed(entry, at, name)
    if (above.includes(entry)) return []
    const own = Object.hasOwn(rulesets, entry) ? rulesets[entry] : undefined
    return own === undefined
      ? (builtInRules(entry) ?? [])
      : resolved(own, entry, rulesets, [...above, entry])
  })

/**
 * All rules of a route in the order of the file: those of a ruleset stand where it is named, once,
 * however often it is. Ids are `NAME#3` for the third entry of a ruleset, `ROUTE#3` for the third of
 * the route's own `compare`. Resolve them once for a snapshot. What a valid config cannot hold (an
 * unknown name, a rule with a problem) is left out.
 */
export const rulesOf = (
  { rulesets = {} }: Pick<Config, 'rulesets'>,
  { id, compare = [] }: Pick<Route, 'id' | 'compare'>,
): readonly Rule[] => {
  const seen = new Set<string>()
  return resolved(compare, id, rulesets, []).filter(
    (rule) => !seen.has(rule.id) && seen.add(rule.id),
  )
}
