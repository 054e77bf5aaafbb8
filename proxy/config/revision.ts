/** Which part of a config is hot, and how it is named. Pure. */
import { hashOf } from './canonical-json.ts'
import type { Config } from './config.ts'

/** First 12 hex digits of the SHA-256 of all that a reload may change. */
export const revisionOf = (config: Omit<Config, 'revision'>): string => {
  const { upstreams, force, routes, rulesets, gates, rollouts } = config
  return hashOf({ upstreams, force, routes, rulesets, gates, rollouts }).slice(0, 12)
}

/** Freezes plain data to its leaves; what is frozen already is left alone. */
export const deepFreeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) deepFreeze(part)
  return Object.freeze(value)
}
