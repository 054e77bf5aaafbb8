import { deepEqual, equal, match } from 'node:assert/strict'
import { wholeBody } from '../targets/body.ts'
import type { Send } from '../targets/send.ts'
import { type EdgeLab, startEdge } from './edge-lab.ts'

const send: Send = async (request) => ({
  from: 'legacy',
  status: 200,
  reason: 'OK',
  headers: ['Content-Length', String(request.url.length)],
  body: wholeBody(Buffer.from(request.url)),
  failure: null,
  instead: null,
})

const head = (...lines: string[]): string => `${lines.join('\r\n')}\r\n\r\n`
const many = Array.from({ length: 101 }, (_, at) => `X-${at}: y`)

// biome-ignore format: a table reads best as a table
const refused: readonly (readonly [title: string, status: number, request: string])[] = [
  ['HTTP/2.0 in a request line', 505, head('GET / HTTP/2.0', 'Host: a')],
  ['HTTP/0.9 in a request line', 505, head('GET / HTTP/0.9', 'Host: a')],
  ['TRACE', 405, head('TRACE / HTTP/1.1', 'Host: a')],
  ['CONNECT', 405, head('CONNECT a:1 HTTP/1.1', 'Host: a:1')],
  ['two Host lines', 400, head('GET / HTTP/1.1', 'Host: a', 'Host: a')],
  ['no Host line', 400, head('GET / HTTP/1.1')],
  ['an empty Host', 400, head('GET / HTTP/1.1', 'Host:')],
  ['a Host with userinfo', 400, head('GET / HTTP/1.1', 'Host: me@a')],
  ['a Host with a path', 400, head('GET / HTTP/1.1', 'Host: a/b')],
  ['a Host with a comma', 400, head('GET / HTTP/1.1', 'Host: a, b')],
  ['an asterisk as target of another method', 400, head('GET * HTTP/1.1', 'Host: a')],
  ['a fragment in the target', 400, head('GET /a#b HTTP/1.1', 'Host: a')],
  ['an authority that is not Host', 400, head('GET http://b/ HTTP/1.1', 'Host: a')],
  ['a length beside a transfer coding', 400, head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Content-Length: 3')],
  ['a transfer coding on HTTP/1.0', 400, head('POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked')],
  ['a coding before chunked', 501, head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip, chunked')],
  ['a coding that is not chunked', 501, head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: gzip')],
  ['chunked twice', 501, head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')],
  ['an empty transfer coding', 501, head('POST / HTTP/1.1', 'Host: a', 'Transfer-Encoding:')],
  ['two lengths', 400, head('POST / HTTP/1.1', 'Host: a', 'Content-Length: 3', 'Content-Length: 3')],
  ['an unknown expectation', 417, head('POST / HTTP/1.1', 'Host: a', 'Expect: 200-maybe', 'Content-Length: 3')],
  ['too many header lines', 431, head('GET / HTTP/1.1', 'Host: a', ...many)],
  ['too many header bytes', 431, head('GET / HTTP/1.1', 'Host: a', `X: ${'y'.repeat(20_000)}`)],
  ['a folded header line', 400, head('GET / HTTP/1.1', 'Host: a', 'X: y', ' z')],
  ['what is no HTTP at all', 400, 'HELO there\r\n\r\n'],
  ['its own mark', 508, head('GET / HTTP/1.1', 'Host: a', 'X-Banyan-Via: banyan-front', 'x-banyan-via: banyan-lab')],
]

describe('refuse', () => {
  let lab: EdgeLab
  before(async () => {
    lab = await startEdge({ send, pseudonym: 'banyan-lab' })
  })
  after(() => lab.close())

  for (const [title, status, request] of refused) {
    it(`answers ${status} to ${title}, as a problem, and closes`, async () => {
      const answer = await lab.raw(request)
      match(answer, new RegExp(`^HTTP/1.1 ${status} `))
      match(answer, /\r\nContent-Type: application\/problem\+json\r\n/)
      match(answer, /\r\nProxy-Status: banyan; error=\w+\r\n/)
      match(answer, /\r\nConnection: close\r\n/)
      const document = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { status: number }
      equal(document.status, status)
    })
  }

  // biome-ignore format: a table reads best as a table
  const accepted: readonly (readonly [title: string, sent: string, forwarded: string])[] = [
    ['keeps the bytes of a target', '/a//b/../%41?x=%2f&&', '/a//b/../%41?x=%2f&&'],
    ['makes an absolute target one of origin form', 'http://a/b?c', '/b?c'],
    ['makes an absolute target without a path the root', 'http://A?c', '/?c'],
  ]
  for (const [title, target, forwarded] of accepted) {
    it(title, async () => {
      const answer = await lab.raw(head(`GET ${target} HTTP/1.1`, 'Host: a', 'Connection: close'))
      equal(answer.slice(answer.indexOf('\r\n\r\n') + 4), forwarded)
    })
  }

  it('keeps every header line, in its case and order, with its duplicates', async () => {
    const lines = ['Host: a', 'x-A: 1', 'X-a: 2', 'Cookie: a=1', 'Cookie: b=2', 'Connection: close']
    await lab.raw(head('GET /lines HTTP/1.1', ...lines))
    const request = lab.received.find(({ url }) => url === '/lines')
    deepEqual(
      request?.headers,
      lines.flatMap((line) => line.split(': ')),
    )
  })
})
