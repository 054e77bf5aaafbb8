/**
 * The one comparator: shadows, repeats, replays and the command line all call this. Pure: the same
 * observations and rules always come to the same comparison.
 */
import { Buffer } from 'node:buffer'
import type { Observation } from '../targets/send.ts'
import { compareBodies } from './compare-body.ts'
import { compareHeaders, fieldsOf, joined } from './compare-headers.ts'
import { compareScalars } from './compare-json.ts'
import { type DecodeLimits, decodeLimits, sameBytes } from './decode.ts'
import { type Difference, type Excused, gravest, type Severity } from './difference.ts'
import { createIdentities, type Identities } from './identities.ts'
import { jsonNumber } from './json.ts'
import { parseMediaType } from './media-type.ts'
import type { NoisyPlace } from './noise.ts'
import type { ComparedOutcome, InconclusiveReason } from './outcome.ts'
import type { Rule } from './rule.ts'
import { rulesFor } from './rules.ts'
import { createWalk, type Walk } from './walk.ts'

/** Two observations side by side. Plain data: it may cross threads and be stored once redacted. */
export interface Comparison {
  readonly outcome: ComparedOutcome
  /** Why nothing can be told; null for every other outcome. */
  readonly reason: InconclusiveReason | null
  /** What nothing overlooks. At most 500 are listed. */
  readonly differences: readonly Difference[]
  /** What a rule overlooks, and which. */
  readonly excused: readonly Excused[]
  /** What legacy shows against itself. */
  readonly noise: readonly Difference[]
  /** How many more there are than are listed. */
  readonly omitted: number
  /** The gravest of the differences; null: there are none. */
  readonly severity: Severity | null
}

export interface CompareOptions {
  /** Id of the route, for rules that name one; null: outside of any. */
  readonly route?: string | null
  /** `2026-12-31`: rules that expired before it no longer hold; null: all of them do. */
  readonly today?: string | null
  /** What legacy shows against itself. */
  readonly noise?: readonly NoisyPlace[]
  readonly limits?: DecodeLimits
}

const nothing: Omit<Comparison, 'outcome'> = Object.freeze({
  reason: null,
  differences: [],
  excused: [],
  noise: [],
  omitted: 0,
  severity: null,
})

const inconclusive = (reason: InconclusiveReason): Comparison => ({
  ...nothing,
  outcome: 'inconclusive',
  reason,
})

const timeouts: ReadonlySet<string> = new Set(['http_response_timeout', 'connection_timeout'])

/** The shadow first: its failure is a result, whatever became of the primary. */
const failed = (primary: Observation, shadow: Observation): Comparison | null => {
  const { failure } = shadow
  if (failure?.party === 'client') return inconclusive('client_gone')
  if (failure !== null || shadow.status === null) {
    const isLate = timeouts.has(failure?.code ?? '')
    return { ...nothing, outcome: isLate ? 'shadow_timeout' : 'shadow_error' }
  }
  if (primary.failure?.party === 'client') return inconclusive('client_gone')
  if (primary.failure !== null || primary.status === null) return inconclusive('primary_failed')
  if (!primary.body.complete || !shadow.body.complete) return inconclusive('body_incomplete')
  return null
}

const noBytes = Buffer.alloc(0)

/** What was captured; null: there was more than may be kept. */
const bytesOf = ({ body }: Observation): Uint8Array | null =>
  body.bytes ?? (body.length === 0 ? noBytes : null)

const inPart = (walk: Walk, part: Parameters<Walk['begin']>[0], compare: () => void): void => {
  walk.begin(part)
  compare()
}

const compareParts = (
  walk: Walk,
  legacy: Observation,
  modern: Observation,
  limits: DecodeLimits,
): InconclusiveReason | null => {
  inPart(walk, 'status', () =>
    compareScalars(walk, jsonNumber(String(legacy.status)), jsonNumber(String(modern.status))),
  )
  const [left, right] = [fieldsOf(legacy.headers), fieldsOf(modern.headers)]
  inPart(walk, 'header', () => compareHeaders(walk, left, right))
  const [legacyBytes, modernBytes] = [bytesOf(legacy), bytesOf(modern)]
  // A shadow that is too long is not read to its trailers.
  if (legacyBytes === null || modernBytes === null) return 'body_not_kept'
  inPart(walk, 'trailer', () =>
    compareHeaders(walk, fieldsOf(legacy.trailers), fieldsOf(modern.trailers)),
  )
  walk.begin('body')
  const sent = [
    { fields: left, bytes: legacyBytes },
    { fields: right, bytes: modernBytes },
  ] as const
  // Where the heads have renamed an id, the same body may name another thing.
  const isAlike =
    walk.identities?.renames() !== true &&
    sameBytes(legacyBytes, modernBytes) &&
    joined(left, 'content-encoding') === joined(right, 'content-encoding')
  return isAlike ? null : compareBodies(walk, sent[0], sent[1], limits)
}

const isSameBody = (a: Observation, b: Observation): boolean =>
  a.body.bytes !== null && b.body.bytes !== null && sameBytes(a.body.bytes, b.body.bytes)

const outcomeOf = (
  { found }: Walk,
  reason: InconclusiveReason | null,
  isSame: boolean,
): Pick<Comparison, 'outcome' | 'reason'> => {
  const { differences, excused, noise } = found
  const isOpen = differences.length > 0 && differences.every(({ kind }) => kind === 'unaligned')
  if (isOpen) return { outcome: 'inconclusive', reason: 'unaligned' }
  if (differences.length > 0) return { outcome: 'mismatch', reason: null }
  if (reason !== null) return { outcome: 'inconclusive', reason }
  if (noise.length > 0) return { outcome: 'noise', reason: null }
  return { outcome: excused.length > 0 || !isSame ? 'equivalent' : 'identical', reason: null }
}

/** The rules that hold for what legacy answered on a day, on a route. */
export const rulesInForce = (
  rules: readonly Rule[],
  legacy: Observation,
  { route = null, today = null }: CompareOptions,
): readonly Rule[] => {
  const contentType = joined(fieldsOf(legacy.headers), 'content-type') ?? ''
  const type = parseMediaType(contentType)?.essence ?? ''
  return rulesFor(rules, { route, today, status: legacy.status, type })
}

/**
 * Compares what two targets did with one request. Never throws on anything that a target sent.
 * Whichever is the primary, differences tell legacy's side from modern's; where both are one
 * target's, the primary stands in legacy's place.
 *
 * @param rules as `parseRules` reads them; the caller resolves the names of rulesets
 */
export const compare = (
  primary: Observation,
  shadow: Observation,
  rules: readonly Rule[] = [],
  options: CompareOptions = {},
): Comparison => {
  const early = failed(primary, shadow)
  if (early !== null) return early
  const isReversed = primary.from === 'modern' && shadow.from === 'legacy'
  const [legacy, modern] = isReversed ? [shadow, primary] : [primary, shadow]
  const held = rulesInForce(rules, legacy, options)
  const { noise = [], limits = decodeLimits } = options

  const walk = (identities: Identities | null): Walk =>
    createWalk({ rules: held, noise, identities })
  const identities = held.some(({ verb }) => verb === 'identity') ? createIdentities() : null
  // Once to learn the names, since a URL may stand before the id that it holds.
  if (identities !== null) compareParts(walk(identities), legacy, modern, limits)
  const done = walk(identities)
  const reason = compareParts(done, legacy, modern, limits)
  const { differences, excused, noise: noisy, omitted } = done.found
  return {
    ...outcomeOf(done, reason, isSameBody(legacy, modern)),
    differences,
    excused,
    noise: noisy,
    omitted,
    severity: gravest(differences),
  }
}
