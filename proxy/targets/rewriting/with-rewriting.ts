/** A `Send` whose requests and answers are changed on the way, as the route says. */
import type { UpstreamConfig } from '../../config/config.ts'
import type { Rewriting } from '../../config/rewriting-config.ts'
import { failure } from '../failure.ts'
import type { InboundRequest, Outlook, Peer, RawHeaders, Send } from '../send.ts'
import { rewriteCookies } from './cookies.ts'
import { createChangeLines } from './lines.ts'
import { autoRewrite, listRewrite, type RewriteUrl, rewriteLinks } from './links.ts'
import { toUpstream } from './prefix.ts'

const unclear = failure('http_request_error', 'client', 'none', {
  detail: 'The path begins in a way that cannot be rewritten; write it plainly.',
})

/** `host:port` of each address, and the Host that it is sent where that is not the client's. */
const authoritiesOf = ({ urls, host }: UpstreamConfig): readonly string[] => [
  ...urls.flatMap((url) => (URL.canParse(url) ? new URL(url).host : [])),
  ...(typeof host === 'object' ? [host.literal.toLowerCase()] : []),
]

/** The request as the upstream gets it, or why it cannot be told where it belongs. */
export type RewriteRequest = (request: InboundRequest) => InboundRequest
/** Header lines of an answer, final or not. */
export type RewriteAnswer = (lines: RawHeaders, peer: Peer) => RawHeaders

/** Both ways of one route and upstream; looked at once, for every request. */
export const createRewriting = (
  rewriting: Rewriting,
  upstream: UpstreamConfig,
): { readonly request: RewriteRequest; readonly answer: RewriteAnswer } => {
  const { prefix, location, cookies } = rewriting
  const changeRequest = createChangeLines(rewriting.request)
  const changeAnswer = createChangeLines(rewriting.answer)
  const authorities = authoritiesOf(upstream)
  const urlOf = (peer: Peer): RewriteUrl | null => {
    if (location === null) return null
    return location === 'auto'
      ? autoRewrite({ upstream: authorities, peer, prefix })
      : listRewrite(location)
  }
  return {
    request(request) {
      const headers = changeRequest(request.headers)
      const url = prefix === null ? request.url : toUpstream(request.url, prefix)
      if (url === null) throw unclear
      return url === request.url && headers === request.headers
        ? request
        : { ...request, url, headers }
    },
    answer(lines, peer) {
      const rewrite = urlOf(peer)
      const linked = rewrite === null ? lines : rewriteLinks(lines, rewrite)
      return changeAnswer(rewriteCookies(linked, cookies))
    },
  }
}

const rewriteEarly = (outlook: Outlook, peer: Peer, answer: RewriteAnswer): Outlook => ({
  early: (status, lines) => outlook.early(status, answer(lines, peer)),
  onAbort: (stop) => outlook.onAbort(stop),
})

/**
 * Rejects with `http_request_error`, effect none, where the target does not plainly begin with the
 * prefix that is to be exchanged.
 */
export const withRewriting = (send: Send, rewriting: Rewriting, upstream: UpstreamConfig): Send => {
  const { request: toward, answer: back } = createRewriting(rewriting, upstream)
  return async (request, outlook) => {
    const { peer } = request
    const answer = await send(toward(request), rewriteEarly(outlook, peer, back))
    // What Banyan answers itself is the client's already.
    if (answer.from === 'banyan') return answer
    const headers = back(answer.headers, peer)
    return headers === answer.headers ? answer : { ...answer, headers }
  }
}
