/** W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00. Pure. */

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

/** The digits of every byte: to print numbers and pad them takes seven times as long. */
const digitsOf: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

const digits = (byte: number): string => digitsOf[byte & 0xff] as string

const eightDigits = (word: number): string =>
  digits(word >>> 24) + digits(word >>> 16) + digits(word >>> 8) + digits(word)

/** The finalizer of MurmurHash3: each bit of the word decides on each bit of what it becomes. */
const mix = (word: number): number => {
  const a = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return b ^ (b >>> 16)
}

/**
 * The trace context of a request that has none: drawn from its id, so that every attempt at the
 * same request, and the log, tell of one trace. Not by a hash for secrets, which costs a request
 * dearly; 128 bits, each read from all of the id, as ids of one fleet need. Marked as sampled, since
 * the opposite would switch off the tracing that a legacy does today.
 */
export const traceContextOf = (requestId: string): TraceContext => {
  let [a, b, c, d] = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344]
  for (let at = 0; at < requestId.length; at += 1) {
    const code = requestId.charCodeAt(at)
    a = Math.imul(a ^ code, 0x01000193)
    b = Math.imul(b ^ code, 0x85ebca6b)
    c = Math.imul(c ^ code, 0xc2b2ae35)
    d = Math.imul(d ^ code, 0x27d4eb2f)
  }
  return {
    traceId:
      eightDigits(mix(a)) +
      eightDigits(mix(a ^ b)) +
      eightDigits(mix(b ^ c)) +
      eightDigits(mix(c ^ d)),
    parentId: eightDigits(mix(a ^ c ^ 1)) + eightDigits(mix(b ^ d ^ 2)),
    sampled: true,
  }
}
