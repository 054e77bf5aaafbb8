/** What the bench asks of every contender. */
import { Buffer } from 'node:buffer'

export interface Case {
  readonly title: string
  /** The whole request as bytes. */
  readonly request: Buffer
  /** Of one round, for each contender. */
  readonly requests: number
  /** Connections that say nothing meanwhile. */
  readonly idle: number
  /** Routes of Banyan's config besides the two that the requests need. Peers have no such table. */
  readonly routes: number
}

/** A request's head; `length`: of its body, null where there is none. */
export const head = (line: string, length: number | null): string =>
  [
    `${line} HTTP/1.1`,
    'Host: shop.example',
    'Accept: application/json',
    'User-Agent: bench',
    'Cookie: uid=42',
    ...(length === null ? [] : ['Content-Type: application/json', `Content-Length: ${length}`]),
    '\r\n',
  ].join('\r\n')

export const get = (path: string): Buffer => Buffer.from(head(`GET ${path}`, null))

const post = (path: string, length: number): Buffer =>
  Buffer.concat([Buffer.from(head(`POST ${path}`, length)), Buffer.alloc(length, 'x')])

/** What the origin answers, but for large files. */
export const smallBody: string = JSON.stringify({ articles: 'x'.repeat(280) }).padEnd(300)

const small = get('/api/articles?limit=20')

export const caseNames = ['small', 'post', 'download', 'idle', 'routes'] as const
export type CaseName = (typeof caseNames)[number]

// biome-ignore format: a table reads best as a table
export const cases: Readonly<Record<CaseName, Case>> = {
  small:    { title: 'GET, 300 bytes of JSON',                   request: small,                             requests: 2_000, idle: 0,   routes: 0 },
  post:     { title: 'POST of 10 KiB, 300 bytes back',           request: post('/api/articles', 10 * 1_024), requests: 1_500, idle: 0,   routes: 0 },
  download: { title: 'GET, 1 MiB',                               request: get('/files/mebibyte'),            requests: 100,   idle: 0,   routes: 0 },
  idle:     { title: 'GET of 300 bytes beside 200 idle clients', request: small,                             requests: 2_000, idle: 200, routes: 0 },
  routes:   { title: 'GET of 300 bytes, 10 000 routes',          request: small,                             requests: 2_000, idle: 0,   routes: 10_000 },
}
