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
export const createEpoch = (parts: EpochParts): string => hashOf(parts).slice(0, 12)
