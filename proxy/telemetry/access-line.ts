/** The access line: one exchange as the fields of one log line. Pure. */
import type { LogConfig } from '../config/config.ts'
import { errorRow } from '../errors.ts'
import type { Decision } from '../routing/choose.ts'
import { fallbackCause } from '../targets/failure.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { Failure, InboundRequest, Observation } from '../targets/send.ts'
import { redactPath, redactQuery } from './redact-url.ts'
import { parseTraceparent, traceContextOf } from './trace-context.ts'

const longest = 2_048
const hidden = '…'

/** No line grows without bound because of what a client sent. */
export const cut = (text: string): string =>
  text.length <= longest ? text : text.slice(0, longest) + hidden

/** A request target as it may stand in the log. */
export const loggedTarget = (url: string, query: LogConfig['query']): string =>
  cut(query === 'keep' ? url : redactPath(redactQuery(url)))

/** The status that stands for an exchange: nobody got one when the client left before the head. */
export const statusOf = ({ status, failure }: Observation): number =>
  status ?? (failure === null ? 0 : errorRow(failure.code).status)

/** Whether an SRE wants to see this exchange whatever the sampling says. */
export const isFailed = (seen: Observation): boolean =>
  seen.failure !== null || seen.instead !== null || statusOf(seen) >= 500

/** Why the first attempt gave way to the fallback; null: there was none. */
export const causeOf = ({ instead }: Observation): string | null => {
  if (instead === null) return null
  return instead.failure === null ? '5xx' : (fallbackCause(instead.failure) ?? instead.failure.code)
}

/** As upstreams are told: of the request, else the one drawn from its id. */
const traceIdOf = ({ id, headers }: InboundRequest): string => {
  const given = rawHeader(headers, 'traceparent')
  return ((given === null ? null : parseTraceparent(given)) ?? traceContextOf(id)).traceId
}

const rounded = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.round(ms * 100) / 100

/** What lies under a failure, for the operator: its cause, else what the client was told. */
const errorOf = (failure: Failure | null): string | null => {
  if (failure === null) return null
  const { cause, detail } = failure
  if (cause === null || cause === undefined) return cut(detail)
  if (!(cause instanceof Error)) return cut(String(cause))
  const code = 'code' in cause ? `${String(cause.code)}: ` : ''
  return cut(code + (cause.message || cause.name))
}

/** Every field of an access line beside time, level and event, in the order they are written. */
export type AccessLine = {
  readonly requestId: string
  readonly traceId: string
  readonly route: string
  readonly target: Observation['from']
  readonly role: 'primary'
  readonly reason: Decision['reason']
  readonly stage: string
  readonly revision: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly bytesIn: number | null
  readonly bytesOut: number
  readonly targetMs: number | null
  readonly headMs: number | null
  readonly totalMs: number | null
  readonly failure: string | null
  readonly party: string | null
  readonly fallbackCause: string | null
  readonly error: string | null
  readonly client: string
}

/** An exchange and the rules by which it is written down. */
export interface Seen {
  readonly decision: Decision
  readonly request: InboundRequest
  readonly seen: Observation
  readonly revision: string
  readonly query: LogConfig['query']
}

export const accessLine = ({ decision, request, seen, revision, query }: Seen): AccessLine => {
  const { route, reason } = decision
  const failure = seen.failure ?? seen.instead?.failure ?? null
  return {
    requestId: request.id,
    traceId: traceIdOf(request),
    route: route.id,
    target: seen.from,
    role: 'primary',
    reason,
    stage: route.stage,
    revision,
    method: request.method,
    path: loggedTarget(request.url, query),
    status: statusOf(seen),
    bytesIn: request.body?.length ?? (request.body === null ? 0 : null),
    bytesOut: seen.body.length,
    targetMs: rounded(seen.targetMs),
    headMs: rounded(seen.headMs),
    totalMs: rounded(seen.totalMs),
    failure: failure?.code ?? null,
    party: failure?.party ?? null,
    fallbackCause: causeOf(seen),
    error: errorOf(failure),
    client: request.peer.address,
  }
}
