/**
 * URLs in the header lines of an answer, as clients have them. Only what changes is touched, on the
 * bytes as they are. Pure.
 */
import type { Replacement } from '../../config/rewriting-config.ts'
import type { Peer, RawHeaders } from '../send.ts'
import { changeValues } from './change-values.ts'
import { toClient } from './prefix.ts'

/** What `location: auto` goes by. */
export interface Origins {
  /** `host:port` of every address of the upstream, and the Host that it is sent; lower case. */
  readonly upstream: readonly string[]
  readonly peer: Pick<Peer, 'scheme' | 'host'>
  readonly prefix: Replacement | null
}

/** One URL, as it stands in a line, as the client has it. */
export type RewriteUrl = (url: string) => string

const absolute = /^(?:https?:)?\/\/([^/?#]*)/i

const withoutDefaultPort = (authority: string): string => authority.replace(/:(?:80|443)$/, '')

const isOneOf = (authority: string, known: readonly string[]): boolean => {
  const wanted = withoutDefaultPort(authority.toLowerCase())
  return known.some((each) => withoutDefaultPort(each) === wanted)
}

/**
 * A path that begins with two slashes would name another host; browsers read backslashes likewise.
 * RFC 3986 §3.3, and the URL standard's own way to write such a path.
 */
const asPath = (path: string): string => (/^\/[/\\]/.test(path) ? `/.${path}` : path)

/** The upstream's own origin becomes the client's; the prefix is taken back. */
export const autoRewrite = ({ upstream, peer, prefix }: Origins): RewriteUrl => {
  const mapped = (path: string): string =>
    prefix === null || !path.startsWith('/') ? path : toClient(path, prefix)
  /** The origin as the client has it; null: it is somebody else's. */
  const ofClient = (origin: string, authority: string): string | null => {
    // The upstream was told the client's own host, and says it back.
    if (isOneOf(authority, [peer.host.toLowerCase()])) return origin
    return isOneOf(authority, upstream) ? `${peer.scheme}://${peer.host}` : null
  }
  return (url) => {
    const [origin, authority = ''] = absolute.exec(url) ?? []
    if (origin === undefined) {
      const path = mapped(url)
      return path === url ? url : asPath(path)
    }
    const next = ofClient(origin, authority)
    return next === null ? url : `${next}${mapped(url.slice(origin.length))}`
  }
}

/** As nginx's `proxy_redirect` with its two texts: the first that the URL begins with. */
export const listRewrite =
  (replacements: readonly Replacement[]): RewriteUrl =>
  (url) => {
    const found = replacements.find(({ from }) => url.startsWith(from))
    if (found === undefined) return url
    const next = `${found.to}${url.slice(found.from.length)}`
    return found.to.startsWith('//') ? next : asPath(next)
  }

/** `5; url=/next`, with or without quotes: HTML §2.5.3 says how it is read. */
const refresh = /^([\d.]+\s*[;,]\s*(?:url\s*=\s*)?)(["']?)(.+)$/i

const rewriteRefresh = (value: string, rewrite: RewriteUrl): string => {
  const [, start = '', quote = '', rest = ''] = refresh.exec(value) ?? []
  if (rest === '') return value
  const end = quote === '' ? -1 : rest.indexOf(quote)
  const url = end < 0 ? rest : rest.slice(0, end)
  return `${start}${quote}${rewrite(url)}${rest.slice(url.length)}`
}

/** What is not closed goes to the end: each character is read once. */
const linkParts = /"(?:[^"\\]|\\.)*"?|<([^>]*)(>?)/g

/** Where the URLs of a line stand. */
const readers: ReadonlyMap<string, (value: string, rewrite: RewriteUrl) => string> = new Map([
  ['location', (value, rewrite) => rewrite(value)],
  ['content-location', (value, rewrite) => rewrite(value)],
  ['refresh', rewriteRefresh],
  // RFC 8288 §3: each target stands in angle brackets; a quoted parameter may hold some as well.
  [
    'link',
    (value, rewrite) =>
      value.replace(linkParts, (all, url?: string, end?: string) =>
        url === undefined || end === '' ? all : `<${rewrite(url)}>`,
      ),
  ],
])

/** The same list where nothing changes. */
export const rewriteLinks = (lines: RawHeaders, rewrite: RewriteUrl): RawHeaders =>
  changeValues(lines, (name, value) => readers.get(name)?.(value, rewrite) ?? value)
