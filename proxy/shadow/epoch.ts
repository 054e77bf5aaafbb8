/** Names what an outcome is about. */

import { hashOf } from '../config/canonical-json.ts'
import type { UpstreamConfig } from '../config/config.ts'

/** Everything that can change how two targets of one route answer, or how that is judged. */
export interface EpochParts {
  /** Of the handlers; null where they take no part. */
  readonly build: string | null
  /**
   * Rulesets resolved, what the route changes of requests and answers on their way, what becomes of
   * its shadow's writes, whether it may be repeated, and what handlers may reach in the shadows.
   */
  readonly rules: unknown
  /** Null: handlers, or none. */
  readonly legacy: UpstreamConfig | null
  readonly modern: UpstreamConfig | null
}

/** 12 hex digits: another epoch's evidence is evidence about something else. */
export type EpochOf = (parts: EpochParts) => string

/** What a function makes of a value, made once for each. */
const once = <Value, Made>(make: (value: Value) => Made): ((value: Value) => Made) => {
  const known = new Map<Value, Made>()
  return (value) => {
    const made = known.get(value) ?? make(value)
    known.set(value, made)
    return made
  }
}

/** Names epochs; what is the same is hashed once, for thousands of routes share upstreams and rules. */
export const createEpochs = (): EpochOf => {
  const named = once((part: unknown) => hashOf(part).slice(0, 12))
  return ({ build, rules, legacy, modern }) =>
    named(`${build} ${named(rules)} ${named(legacy)} ${named(modern)}`)
}

/** Names each part, so that what changed can be told where only names are kept. */
export const nameParts = ({
  build,
  rules,
  legacy,
  modern,
}: EpochParts): Record<keyof EpochParts, string> => {
  const named = (part: unknown): string => hashOf(part).slice(0, 12)
  return { build: named(build), rules: named(rules), legacy: named(legacy), modern: named(modern) }
}

/** The epoch of one route alone. */
export const createEpoch: EpochOf = (parts) => createEpochs()(parts)
