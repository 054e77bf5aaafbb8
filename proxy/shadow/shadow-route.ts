/** What the shadows know of one route in one snapshot. */

import type { Rule } from '../compare/rule.ts'
import type { Route } from '../config/config.ts'
import type { ErrorCode } from '../errors.ts'
import type { Target } from '../stage.ts'
import type { Send } from '../targets/send.ts'
import type { EpochParts } from './epoch.ts'
import type { ShedReason } from './shed.ts'
import type { WritesTerms } from './writes/report.ts'
import type { Standing, Watch } from './writes/watch.ts'

/** One target as shadows ask it: not over the connections, nor by the breakers, that clients use. */
export interface ShadowTarget {
  /** Name of an upstream, or `handlers`: what those who wait, wait for. */
  readonly name: string
  /** How many shadows may ask it at once. */
  readonly places: number
  /** What one answer may take at most, milliseconds. */
  readonly maxMs: number
  /** How long it may take besides until it is taken up. */
  readonly queueMs: number
  /** Failures that say that there was no room to ask it: nothing that it did itself. */
  readonly sheds: Partial<Readonly<Record<ErrorCode, ShedReason>>>
  /** Why it could not be asked now, known before the primary is; absent or null: it could. */
  whyNot?(): ShedReason | null
  /** @param deadlineMs after which whoever answers is not waited for any longer */
  within(deadlineMs: number): Send
  /** The same for one request, and hears what that does to its database; absent: nobody hears. */
  watch?(terms?: WritesTerms): Watch
}

export interface ShadowRoute {
  readonly route: Route
  readonly epoch: string
  /** What the epoch is about. */
  readonly about: EpochParts
  readonly rules: readonly Rule[]
  /** Takes a snapshot before the primary is sent, or tells why it cannot; absent: not asked for. */
  hold?(): Standing | ShedReason
  /** Null: the route does not have it. */
  readonly targets: Readonly<Record<Target, ShadowTarget | null>>
  /** Whether legacy is not to be asked for nothing but a comparison now. */
  isLegacyBlocked(): boolean
}
