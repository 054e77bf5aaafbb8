/** Requests whose framing two readers could understand differently go nowhere. */
import assert from 'node:assert/strict'
import { type Row, requestLinesOf, valuesOf } from './row.ts'
import { ask, askOnce, statusOf } from './talk.ts'

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n'

/** That the request was not understood; which of its words was not, parsers do not always know. */
const framing: ReadonlySet<number> = new Set([400, 501, 505])

/**
 * Bytes that are refused, with nothing after them served.
 *
 * @param status 0: any of `framing`
 */
const refused = (id: string, says: string, bytes: string, status = 0): Row => ({
  id,
  says: `refuses ${says}`,
  async holds({ tell, origin }) {
    const answer = await tell(bytes)
    assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1, answer)
    const told = statusOf(answer)
    assert.ok(status === 0 ? framing.has(told) : told === status, answer)
    assert.equal(origin.requests.length, 0)
  },
})

const withLines = (lines: readonly string[], body = ''): string =>
  `${ask('POST /', lines, body)}${smuggled}`

// biome-ignore format: a table reads best as a table
export const firewall: readonly Row[] = [
  refused('SMUG-clte', 'a length and chunks', withLines(['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n')),
  refused('SMUG-tecl', 'chunks and a length', withLines(['Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n')),
  refused('SMUG-dupcl', 'two lengths', withLines(['Content-Length: 0', 'Content-Length: 5'], 'hello')),
  refused('SMUG-samecl', 'the same length twice', withLines(['Content-Length: 5', 'Content-Length: 5'], 'hello')),
  refused('SMUG-listcl', 'a list of lengths', withLines(['Content-Length: 5, 5'], 'hello')),
  refused('req-badcl', 'a signed length', withLines(['Content-Length: +5'], 'hello')),
  refused('req-hexcl', 'a hexadecimal length', withLines(['Content-Length: 0x5'], 'hello')),
  refused('req-emptycl', 'an empty length', withLines(['Content-Length:'])),
  refused('req-hugecl', 'a length beyond 2^53', withLines(['Content-Length: 9007199254740993'])),
  refused('req-overflowcl', 'a length beyond 2^64', withLines(['Content-Length: 18446744073709551617'])),
  refused('SMUG-te-space', 'a blank before the colon', withLines(['Transfer-Encoding : chunked'], '0\r\n\r\n')),
  refused('SMUG-te-obf', 'a transfer coding that is none', withLines(['Transfer-Encoding: xchunked'], '0\r\n\r\n'), 501),
  refused('SMUG-te-list', 'a list of transfer codings', withLines(['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'), 501),
  refused('SMUG-te-twice', 'chunked twice', withLines(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 501),
  refused('SMUG-te-empty', 'an empty transfer coding', ask('POST /', ['Transfer-Encoding:']), 501),
  refused('SMUG-10te', 'chunks in HTTP/1.0', 'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  refused('SMUG-barelf', 'lines that end with LF', 'GET / HTTP/1.1\nHost: app.example\n\n'),
  refused('SMUG-barecr', 'a bare CR in a line', 'GET / HTTP/1.1\r\nHost: app.example\r\nX: a\rb\r\n\r\n'),
  refused('SMUG-obsfold', 'a folded line', askOnce('GET /', ['X: a', ' b'])),
  refused('SMUG-chunk-size', 'a chunk size that is no number', withLines(['Transfer-Encoding: chunked'], '0x3\r\nabc\r\n0\r\n\r\n')),
  refused('SMUG-chunk-lf', 'a chunk size ended by LF', withLines(['Transfer-Encoding: chunked'], '3\nabc\r\n0\r\n\r\n')),
  refused('req-2host', 'two Host lines', askOnce('GET /', ['Host: a', 'Host: b'])),
  refused('req-nohost', 'no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'),
  refused('req-host-comma', 'a Host that is two', askOnce('GET /', ['Host: a, b'])),
  refused('req-host-user', 'a Host with userinfo', askOnce('GET /', ['Host: a@b'])),
  refused('req-host-path', 'a Host with a path', askOnce('GET /', ['Host: a/b'])),
  refused('req-host-empty', 'an empty Host', askOnce('GET /', ['Host:'])),
  refused('req-http09', 'HTTP/0.9', 'GET / HTTP/0.9\r\nHost: a\r\n\r\n', 505),
  refused('req-http20', 'HTTP/2.0', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505),
  refused('req-ctlhdr-nul', 'a NUL in a line', askOnce('GET /', ['X: a\0b'])),
  refused('req-ctlhdr-del', 'a DEL in a line', askOnce('GET /', ['X: a\x7fb'])),
  refused('req-ctlhdr-soh', 'a control character in a line', askOnce('GET /', ['X: a\x01b'])),
  refused('req-expect-other', 'an unknown expectation', askOnce('GET /', ['Expect: 200-ok']), 417),
  refused('req-headers-count', 'more header lines than it may have', askOnce('GET /', Array.from({ length: 2_000 }, () => 'A: b')), 431),
  refused('req-headers-size', 'a head that is too long', askOnce('GET /', [`X: ${'a'.repeat(20_000)}`]), 431),
  {
    id: 'req-bigheader',
    says: 'passes 12 KiB of cookies on',
    async holds(world) {
      const cookie = 'c'.repeat(12_288)
      assert.deepEqual(valuesOf(requestLinesOf(await world.heard('GET /', [`Cookie: ${cookie}`])), 'Cookie'), [cookie])
    },
  },
  ...['DELETE', 'OPTIONS', 'GET', 'HEAD'].map((method): Row => ({
    id: `SMUG-${method.toLowerCase()}-chunk`,
    says: `keeps the framing of a chunked ${method}`,
    async holds({ tell, origin }) {
      const body = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`
      await tell(askOnce(`${method} /`, ['Transfer-Encoding: chunked'], body))
      assert.equal(origin.requests.length, 1)
      assert.equal(String(await origin.requests[0]?.body), smuggled)
    },
  })),
]
