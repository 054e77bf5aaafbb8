/** A recorded request as targets are asked it again. Pure. */
import { canonicalPath } from '../routing/canonical.ts'
import { wholeBody } from '../targets/body.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest, RawHeaders } from '../targets/send.ts'
import type { Recorded } from './recorded.ts'

/** What stands for secrets that were redacted. */
export interface Supplied {
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  /** In the place of every recorded bearer of a token; its scheme stays. Null: none. */
  readonly token: string | null
}

export interface ReplayRequest {
  readonly request: InboundRequest
  /** Redacted parts by which a target may answer otherwise, and that nothing was supplied for. */
  readonly missing: readonly string[]
}

/** Of a body that is now all here, or of one connection. */
const framing =
  /^(?:content-length|transfer-encoding|connection|keep-alive|te|trailer|expect|upgrade)$/i

/** Addresses of clients and pages: redacted, but hardly what an answer depends on. */
const marginal =
  /^header:(?:x-forwarded-.*|forwarded|x-real-ip|referer|user-agent|x-request-id|traceparent|tracestate|from|via)$/

const tokenHeader = 'authorization'

const withToken = (value: string, token: string): string => {
  const [, scheme = ''] = /^\s*([\w-]+\s+)?/.exec(value) ?? []
  return scheme + token
}

const sentValue = (name: string, value: string, { headers, token }: Supplied): string => {
  const given = headers.get(name)
  if (given !== undefined) return given
  return token !== null && name === tokenHeader ? withToken(value, token) : value
}

const linesOf = (headers: RawHeaders, supplied: Supplied): string[] => {
  const lines: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]]
    if (!framing.test(name)) lines.push(name, sentValue(name.toLowerCase(), value, supplied))
  }
  return lines
}

const isSupplied = (part: string, { headers, token }: Supplied): boolean => {
  const name = part.replace(/^header:/, '')
  return part !== name && (headers.has(name) || (token !== null && name === tokenHeader))
}

export const replayRequest = (
  { id, request, redacted }: Recorded,
  supplied: Supplied,
  now: number,
): ReplayRequest => {
  const { method, url, scheme, body } = request
  const headers = linesOf(request.headers, supplied)
  const length = body === null ? [] : ['Content-Length', String(body.length)]
  return {
    request: {
      ...{ id, method, url, version: '1.1', path: canonicalPath(url), receivedMs: now },
      headers: [...headers, ...length],
      peer: {
        address: '127.0.0.1',
        scheme,
        host: rawHeader(headers, 'host') ?? 'localhost',
        trusted: false,
      },
      body: body === null ? null : wholeBody(body),
      refusal: null,
    },
    missing: redacted.filter((part) => !marginal.test(part) && !isSupplied(part, supplied)),
  }
}
