/** Banyan's own answer to a route that has moved away: no target is asked. */
import { STATUS_CODES } from 'node:http'
import type { Redirect } from '../config/rewriting-config.ts'
import { wholeBody } from './body.ts'
import { failure } from './failure.ts'
import type { InboundRequest, Send, TargetResponse } from './send.ts'

/** A Host that cannot end a URL's authority early: RFC 3986 §3.2.2. */
const plainHost = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

const noHost = failure('http_request_error', 'client', 'none', {
  detail: 'The Host of the request is none that a redirect could name.',
})

/** What of the client's own request may stand in the address. Nothing is decoded. */
const partsOf = ({ url, peer }: InboundRequest): Readonly<Record<string, string>> => {
  const at = url.indexOf('?')
  const path = at < 0 ? url : url.slice(0, at)
  return {
    host: peer.host,
    // `//elsewhere` would be another host.
    path: path.replace(/^[/\\]+/, '/') || '/',
    query: at < 0 ? '' : url.slice(at),
  }
}

/** @throws Failure `http_request_error` where the address needs a host and the client's is odd */
export const redirectAnswer = (
  { to, status }: Redirect,
  request: InboundRequest,
): TargetResponse => {
  if (to.includes('{host}') && !plainHost.test(request.peer.host)) throw noHost
  const parts = partsOf(request)
  const location = to.replace(/\{(host|path|query)\}/g, (_all, name: string) => parts[name] ?? '')
  return {
    from: 'banyan',
    status,
    reason: STATUS_CODES[status] ?? '',
    headers: ['Location', location, 'Content-Length', '0'],
    body: wholeBody(new Uint8Array(0)),
    failure: null,
    instead: null,
  }
}

export const createRedirect =
  (redirect: Redirect): Send =>
  async (request) =>
    redirectAnswer(redirect, request)
