/** W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00. Pure. */
import { hash } from 'node:crypto'

export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string
  /** 16 lower-case hex digits, not all zero: the caller's span. */
  readonly parentId: string
  readonly sampled: boolean
}

const pattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const zeroes = /^0+$/

/**
 * Reads a `traceparent`; null when it is malformed, and must then be ignored (§3.2.2.3). A later
 * version is read by the fields it shares with version 00 (§4.1); version ff is invalid.
 */
export const parseTraceparent = (value: string): TraceContext | null => {
  const [, version, traceId, parentId, flags, rest] = pattern.exec(value.trim()) ?? []
  if (version === undefined || traceId === undefined || parentId === undefined) return null
  if (version === 'ff' || (version === '00' && rest !== undefined)) return null
  if (zeroes.test(traceId) || zeroes.test(parentId)) return null
  return { traceId, parentId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 }
}

export const formatTraceparent = ({ traceId, parentId, sampled }: TraceContext): string =>
  `00-${traceId}-${parentId}-${sampled ? '01' : '00'}`

/**
 * The trace context of a request that has none: drawn from its id, so that every attempt at the
 * same request, and the log, tell of one trace. Marked as sampled, since the opposite would switch
 * off the tracing that a legacy does today.
 */
export const traceContextOf = (requestId: string): TraceContext => {
  const digits = hash('sha256', `trace ${requestId}`)
  return { traceId: digits.slice(0, 32), parentId: digits.slice(32, 48), sampled: true }
}
