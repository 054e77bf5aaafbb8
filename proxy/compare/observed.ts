/** Observations for tests, and for files that are compared from the command line. */
import { Buffer } from 'node:buffer'
import type { Target } from '../stage.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'

export interface PlainAnswer {
  readonly status?: number
  readonly headers?: RawHeaders
  readonly trailers?: RawHeaders
  readonly body?: string | Uint8Array
}

/** A complete answer of a target. */
export const observed = (from: Target, answer: PlainAnswer = {}): Observation => {
  const { status = 200, headers = [], trailers = [], body = '' } = answer
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return Object.freeze({
    from,
    status,
    headers,
    trailers,
    body: { bytes, length: bytes.length, complete: true },
    headMs: 1,
    totalMs: 1,
    failure: null,
    instead: null,
  })
}
