/** Names rules, so that a recording tells by which ones it was judged. */
import type { Rule } from '../compare/rule.ts'
import { hashOf } from '../config/canonical-json.ts'

const known = new WeakMap<readonly Rule[], string>()

/** 12 hex digits; equal for equal rules in the same order. */
export const nameRules = (rules: readonly Rule[]): string => {
  const name = known.get(rules) ?? hashOf(rules).slice(0, 12)
  known.set(rules, name)
  return name
}
