/** Names what an outcome is about. */

import { hashOf } from '../config/canonical-json.ts'
import type { UpstreamConfig } from '../config/config.ts'

/** Everything that can change how two targets of one route answer, or how that is judged. */
export interface EpochParts {
  /** Of the handlers; null where they take no part. */
  readonly build: string | null
  /** Rulesets resolved, and what the route changes of requests and answers on their way. */
  readonly rules: unknown
  /** Null: handlers, or none. */
  readonly legacy: UpstreamConfig | null
  readonly modern: UpstreamConfig | null
}

/** 12 hex digits: another epoch's evidence is evidence about something else. */
export type EpochOf = (parts: EpochParts) => string

/** Names epochs; what is alike is hashed once, for thousands of routes share upstreams and rules. */
export const createEpochs = (): EpochOf => {
  const sides = new Map<UpstreamConfig, string>()
  const epochs = new Map<string, string>()
  const sideOf = (config: UpstreamConfig | null): string | null => {
    if (config === null) return null
    const name = sides.get(config) ?? hashOf(config)
    sides.set(config, name)
    return name
  }
  return ({ build, rules, legacy, modern }) => {
    const parts = { build, rules, legacy: sideOf(legacy), modern: sideOf(modern) }
    const key = JSON.stringify(parts)
    const epoch = epochs.get(key) ?? hashOf(parts).slice(0, 12)
    epochs.set(key, epoch)
    return epoch
  }
}

/** The epoch of one route alone. */
export const createEpoch: EpochOf = (parts) => createEpochs()(parts)
