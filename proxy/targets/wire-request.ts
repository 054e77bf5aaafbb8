import { rawHeader } from './raw-header.ts'
import type { InboundRequest } from './send.ts'
import type { WireRequest } from './wire.ts'

/** As the client framed it; HTTP/2 has no framing of its own that could be kept. */
const framingOf = ({ body, headers }: InboundRequest): WireRequest['framing'] => {
  if (body === null) return rawHeader(headers, 'content-length') === null ? 'none' : 'length'
  const isChunked = body.length === null || rawHeader(headers, 'transfer-encoding') !== null
  return isChunked ? 'chunked' : 'length'
}

/** Whether the client still waits to be told that its body is wanted. */
const expectsContinue = ({ body, version, headers }: InboundRequest): boolean =>
  body !== null &&
  !body.opened &&
  body.whole === null &&
  version === '1.1' &&
  rawHeader(headers, 'expect') !== null

/** A request as the wire takes it. Pure. */
export const wireRequest = (
  request: InboundRequest,
  about: Pick<WireRequest, 'headers' | 'trailers' | 'needsFresh'>,
): WireRequest => ({
  method: request.method,
  path: request.url,
  framing: framingOf(request),
  body: request.body,
  expectsContinue: expectsContinue(request),
  headers: about.headers,
  trailers: about.trailers,
  needsFresh: about.needsFresh,
})
