/** What a client sees of an answer. */
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { chunk, type OriginScript, reply } from '../lab/origin.ts'
import { type Row, valuesOf } from './row.ts'
import { ask, askOnce, bodyOf, linesOf, statusOf } from './talk.ts'

/** Lines that arrive as the origin said them, in that order. */
const keeps = (id: string, says: string, lines: readonly string[]): Row => ({
  id,
  says,
  origin: () => reply('200 OK', lines),
  async holds({ answer }) {
    assert.deepEqual(
      linesOf(await answer()).filter((line) => lines.includes(line)),
      lines,
    )
  },
})

/** @param first the first line that the client sees */
const statusLine = (id: string, said: string, first: string = `HTTP/1.1 ${said}`): Row => ({
  id,
  says: `passes the status line ${JSON.stringify(said)} on`,
  origin: () => reply(said),
  async holds({ answer }) {
    assert.equal((await answer()).split('\r\n')[0], first)
  },
})

/** An answer that cannot be believed. */
const refuses = (id: string, says: string, said: string): Row => ({
  id,
  says: `answers 502 where an upstream sends ${says}`,
  origin: () => said,
  async holds({ answer, origin }) {
    const text = await answer()
    assert.equal(statusOf(text), 502)
    assert.deepEqual(valuesOf(linesOf(text), 'Proxy-Status'), ['banyan; error=http_protocol_error'])
    await origin.quiet()
  },
})

const body = (id: string, says: string, origin: OriginScript, expected: string): Row => ({
  id,
  says,
  origin,
  async holds({ answer }) {
    assert.equal(bodyOf(await answer()), expected)
  },
})

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n`
const zipped = gzipSync('hello').toString('latin1')
const bodiless = ['Content-Length: 99', 'ETag: "x"']

export const answers: readonly Row[] = [
  keeps('res-case', 'keeps the case of names', ['X-cAsE: 1', 'x-lower: 2', 'X-UPPER: 3']),
  keeps('res-dup', 'keeps repeated lines apart, in their order', [
    'X-D: 1',
    'Vary: a',
    'X-M: x',
    'X-D: 2',
    'Vary: b',
  ]),
  keeps('res-cookies', 'keeps every Set-Cookie', [
    'Set-Cookie: a=1; Path=/',
    'Set-Cookie: b=2, x; HttpOnly',
  ]),
  keeps('res-latin1', 'keeps bytes beyond ASCII', ['X-L: caf\xe9 \xff\x80']),
  {
    id: 'res-connlist',
    says: 'drops what Connection lists, and lines of one hop',
    origin: () =>
      reply('200 OK', [
        'Connection: keep-alive, X-Listed',
        'X-Listed: 1',
        'Keep-Alive: timeout=5',
        'Proxy-Connection: x',
      ]),
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('GET /'))
      assert.deepEqual(linesOf(await until(/\r\n\r\n/)), ['Content-Length: 0'])
    },
  },
  {
    id: 'res-connclose',
    says: 'keeps the connection of a client whose upstream closes its own',
    origin: () => reply('200 OK', ['Connection: close', 'Content-Length: 0']),
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('GET /'))
      await until(/\r\n\r\n/)
      say(ask('GET /'))
      await until(/\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/)
    },
  },
  statusLine('res-reason', '200 Very  Fine'),
  statusLine('res-noreason', '200 '),
  statusLine('res-utf8reason', '200 D\xc3\xa9j\xc3\xa0'),
  statusLine('res-latin1reason', '200 D\xe9j\xe0'),
  statusLine('res-weird-299', '299 Odd'),
  statusLine('res-weird-599', '599 Odd'),
  statusLine('res-weird-999', '999 Odd'),
  {
    id: 'res-103',
    says: 'passes early hints on, before the answer',
    origin: () =>
      `HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n${ok}Content-Length: 0\r\n\r\n`,
    async holds({ answer }) {
      assert.match(
        await answer(),
        /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 OK\r\n/,
      )
    },
  },
  {
    id: 'res-100',
    says: 'takes no harm from 100 Continue that nobody asked for',
    origin: () => `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(50)}${ok}Content-Length: 2\r\n\r\nhi`,
    async holds({ answer }) {
      assert.match(await answer(), /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nhi$/)
    },
  },
  {
    id: 'res-head',
    says: 'keeps the length that HEAD asks for',
    origin: () => reply('200 OK', ['Content-Length: 1234']),
    async holds({ tell }) {
      const text = await tell(askOnce('HEAD /'))
      assert.deepEqual(valuesOf(linesOf(text), 'Content-Length'), ['1234'])
      assert.equal(bodyOf(text), '')
    },
  },
  {
    id: 'res-304',
    says: 'keeps what a 304 says of the body that it has not, and the connection',
    origin: ({ line }) =>
      line.startsWith('GET /304')
        ? reply('304 Not Modified', bodiless)
        : reply('200 OK', [], 'next'),
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('GET /304'))
      assert.deepEqual(linesOf(await until(/\r\n\r\n/)), bodiless)
      say(ask('GET /'))
      await until(/\r\n\r\nHTTP\/1\.1 200 OK\r\n[\s\S]*next$/)
    },
  },
  {
    id: 'res-204te',
    says: 'drops the framing of a 204 that has no body',
    origin: () => 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n',
    async holds({ answer }) {
      const text = await answer()
      assert.equal(statusOf(text), 204)
      assert.doesNotMatch(text, /transfer-encoding/i)
      assert.equal(bodyOf(text), '')
    },
  },
  {
    id: 'res-trailers',
    says: 'passes trailers on, but none that would be a lie as a header',
    origin: () =>
      `${chunked}Trailer: X-Sum\r\n\r\n${chunk('hi')}0\r\nX-Sum: 1\r\nSet-Cookie: a=1\r\nContent-Length: 9\r\n\r\n`,
    async holds({ answer }) {
      const text = await answer()
      assert.deepEqual(valuesOf(linesOf(text), 'Trailer'), ['X-Sum'])
      assert.match(text, /\r\n0\r\nX-Sum: 1\r\n\r\n$/)
    },
  },
  body(
    'res-eof',
    'frames a body that its connection ended',
    ({ socket }) => void socket.end(`${ok}\r\nhello`),
    '5\r\nhello\r\n0\r\n\r\n',
  ),
  body(
    'res-chunked',
    'keeps a chunked body chunked',
    () => `${chunked}\r\n${chunk('hello')}0\r\n\r\n`,
    '5\r\nhello\r\n0\r\n\r\n',
  ),
  body(
    'res-10',
    'reads HTTP/1.0',
    ({ socket }) => void socket.end('HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello'),
    'hello',
  ),
  body(
    'res-gzip',
    'leaves compressed bytes alone',
    () => reply('200 OK', ['Content-Encoding: gzip'], zipped),
    zipped,
  ),
  {
    id: 'res-date',
    says: 'invents no line',
    origin: () => reply('200 OK', ['X: 1']),
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('GET /'))
      assert.deepEqual(linesOf(await until(/\r\n\r\n/)), ['X: 1', 'Content-Length: 0'])
    },
  },
  {
    id: 'res-range',
    says: 'passes a part of a body on',
    origin: () => reply('206 Partial Content', ['Content-Range: bytes 0-1/9'], 'he'),
    async holds({ answer }) {
      const text = await answer(['Range: bytes=0-1'])
      assert.equal(statusOf(text), 206)
      assert.deepEqual(valuesOf(linesOf(text), 'Content-Range'), ['bytes 0-1/9'])
    },
  },
  keeps('res-bigheader', 'passes a line of 20 KiB on', [`X: ${'a'.repeat(20_480)}`]),
  refuses('res-hugeheader', 'a head of more than 64 KiB', `${ok}X: ${'a'.repeat(70_000)}\r\n\r\n`),
  refuses(
    'res-cl+te',
    'a length and chunks',
    `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  refuses('res-dupcl', 'two lengths', `${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi`),
  refuses('res-badcl', 'a length that is none', `${ok}Content-Length: 2x\r\n\r\nhi`),
  refuses('res-te', 'another transfer coding', `${ok}Transfer-Encoding: gzip\r\n\r\nhi`),
  refuses('res-ctl', 'a control character', `${ok}X: a\x01b\r\nContent-Length: 0\r\n\r\n`),
  refuses('res-del', 'a DEL', `${ok}X: a\x7fb\r\nContent-Length: 0\r\n\r\n`),
  refuses('res-nul', 'a NUL', `${ok}X: a\0b\r\nContent-Length: 0\r\n\r\n`),
  refuses(
    'res-lf',
    'a line that a bare LF splits',
    `${ok}X: a\nSet-Cookie: evil=1\r\nContent-Length: 0\r\n\r\n`,
  ),
  refuses('res-emptyname', 'a line without a name', `${ok}: a\r\nContent-Length: 0\r\n\r\n`),
  refuses('res-obsfold', 'a folded line', `${ok}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`),
  refuses('res-099', 'a status below 100', 'HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n'),
  refuses(
    'res-101',
    'an upgrade that nobody asked for',
    'HTTP/1.1 101 Up\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
  ),
  refuses('res-http2', 'another version of HTTP', 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n'),
]
