/** The HTTP requests behind the connections that a lane refuses: whichever client makes them, Node tells of them. */
import { subscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import { redactPath, redactQuery } from '../../telemetry/redact-url.ts'
import { type Destination, destinationText, type Reach } from './destination.ts'

export interface HeardRequests {
  /** Those to `host:port` since the last `forget`: `POST https://mail.internal/send?key=…`. */
  to(where: string): readonly string[]
  forget(): void
}

/** Requests that are kept, and letters of each. */
const most = 20
const longest = 300

const ports: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/** As a socket has it. */
const destinationOf = ({ protocol, hostname, port }: URL): Destination => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: port === '' ? (ports[protocol] ?? '?') : port,
})

/** Without user, password, values of the query and what looks like a secret. */
const shown = ({ protocol, host, pathname, search }: URL): string =>
  `${protocol}//${host}${redactPath(redactQuery(`${pathname}${search}`))}`

interface OfUndici {
  readonly request: { readonly method: string; readonly origin: unknown; readonly path: string }
}

/** @param reach what is let through: requests to that are not kept */
export const hearRequests = (reach: Pick<Reach, 'destination'>): HeardRequests => {
  let heard: { readonly where: string; readonly text: string }[] = []
  const note = (method: string, url: string): void => {
    if (heard.length >= most || !URL.canParse(url)) return
    const parsed = new URL(url)
    const to = destinationOf(parsed)
    if (reach.destination(to)) return
    heard.push({ where: destinationText(to), text: `${method} ${shown(parsed)}`.slice(0, longest) })
  }
  // `fetch`, and undici as a package.
  subscribe('undici:request:create', (message) => {
    const { method, origin, path } = (message as OfUndici).request
    note(method, `${String(origin).replace(/\/$/, '')}${path}`)
  })
  // node:http and node:https, and what is built on them.
  subscribe('http.client.request.error', (message) => {
    const { request } = message as { readonly request: ClientRequest }
    const { method, protocol, host, path } = request
    note(method, `${protocol}//${request.getHeader('host') ?? host}${path}`)
  })
  return {
    to: (where) => [...new Set(heard.flatMap((each) => (each.where === where ? [each.text] : [])))],
    forget() {
      heard = []
    },
  }
}
