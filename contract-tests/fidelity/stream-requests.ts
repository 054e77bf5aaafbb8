/** Requests over HTTP/2, as origins hear them. Case of names, framing and pipelining have no counterpart. */
import assert from 'node:assert/strict'
import type { OutgoingHttpHeaders } from 'node:http2'
import { reply } from '../lab/origin.ts'
import { oddTargets } from './odd-targets.ts'
import { requestLinesOf, valuesOf } from './row.ts'
import type { StreamRow } from './stream-row.ts'

const verbatim = (id: string, target: string): StreamRow => ({
  id,
  says: `passes ${target} on byte for byte`,
  ask: { ':path': target },
  heard: ({ line }) => assert.equal(line, `GET ${target} HTTP/1.1`),
})

const refused = (id: string, ask: OutgoingHttpHeaders): StreamRow => ({
  id,
  says: `refuses ${JSON.stringify(ask)}`,
  ask,
  origin: () => reply('200 OK', [], 'heard'),
  answered: ({ status, body }) => assert.ok(status === 0 || status >= 400, `${status} ${body}`),
})

const lines = (id: string, says: string, ask: OutgoingHttpHeaders, said: string[]): StreamRow => ({
  id,
  says,
  ask: { ':path': '/', ...ask },
  heard: (heard) =>
    assert.deepEqual(
      requestLinesOf(heard).filter((line) => said.includes(line)),
      said,
    ),
})

export const streamRequests: readonly StreamRow[] = [
  lines('req-host', 'says the authority as Host', { ':authority': 'App.Example:81' }, [
    'Host: App.Example:81',
  ]),
  lines('req-dup', 'keeps repeated lines apart', { 'x-d': ['1', '2'] }, ['x-d: 1', 'x-d: 2']),
  lines('req-latin1', 'keeps bytes beyond ASCII', { 'x-l': 'caf\xe9 \xff' }, ['x-l: caf\xe9 \xff']),
  lines(
    'req-browser',
    'keeps what a framework needs against CSRF',
    { origin: 'null', 'sec-fetch-site': 'none' },
    ['origin: null', 'sec-fetch-site: none'],
  ),
  lines('req-te-trailers', 'passes TE: trailers on', { te: 'trailers' }, ['te: trailers']),
  lines('req-underscore', 'keeps other names with an underscore', { x_own: '1' }, ['x_own: 1']),
  {
    id: 'req-trust',
    says: 'believes nothing that a client says of its way, and tells the scheme itself',
    ask: {
      ':path': '/',
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'http',
      x_forwarded_for: '6',
      'x-banyan-target': 'modern',
    },
    heard(heard) {
      const said = requestLinesOf(heard)
      assert.deepEqual(valuesOf(said, 'X-Forwarded-Proto'), ['https'])
      assert.doesNotMatch(heard.head, /6\.6\.6\.6|x_forwarded_for|x-banyan-target/i)
    },
  },
  ...['PURGE', 'PROPFIND', 'REPORT', 'FOO'].map(
    (method): StreamRow => ({
      id: `m-${method.toLowerCase()}`,
      says: `passes ${method} on`,
      ask: { ':method': method, ':path': '/' },
      heard: ({ line }) => assert.equal(line, `${method} / HTTP/1.1`),
    }),
  ),
  ...oddTargets.map(([id, target]) => verbatim(id, target)),
  {
    ...verbatim('path-star', '*'),
    ask: { ':method': 'OPTIONS', ':path': '*' },
    heard: ({ line }) => assert.equal(line, 'OPTIONS * HTTP/1.1'),
  },
  refused('path-star-get', { ':path': '*' }),
  refused('path-fragment', { ':path': '/a#b' }),
  refused('path-none', { ':path': 'a' }),
  refused('path-scheme', { ':scheme': 'foo', ':path': '@evil.example' }),
  refused('path-space', { ':path': '/a b' }),
  refused('path-control', { ':path': '/a\x01b' }),
  refused('m-trace', { ':method': 'TRACE', ':path': '/' }),
  refused('m-none', { ':method': 'GET /x', ':path': '/' }),
  refused('req-2host', { ':path': '/', ':authority': 'a', host: 'b' }),
  refused('req-badhost', { ':path': '/', ':authority': 'u@a' }),
  {
    id: 'req-empty-body',
    says: 'says that a body is empty where the client did',
    ask: { ':method': 'POST', ':path': '/', 'content-length': '0' },
    heard: (heard) => assert.deepEqual(valuesOf(requestLinesOf(heard), 'Content-Length'), ['0']),
  },
  ...['GET', 'DELETE'].map(
    (method): StreamRow => ({
      id: `req-${method.toLowerCase()}-body`,
      says: `passes the body of a ${method} on`,
      ask: { ':method': method, ':path': '/' },
      body: 'hello',
      heard: async ({ body }) => assert.equal(String(await body), 'hello'),
    }),
  ),
  {
    id: 'req-expect',
    says: 'asks for the upload of a client that waits with it',
    ask: { ':method': 'POST', ':path': '/', expect: '100-continue' },
    body: 'hello',
    heard: async ({ body }) => assert.equal(String(await body), 'hello'),
    answered: ({ early, status: code }) => assert.deepEqual([early, code], [[100], 200]),
  },
]
