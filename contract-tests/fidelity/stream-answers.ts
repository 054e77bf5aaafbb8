/** Answers over HTTP/2. Reasons, case of names and hop-by-hop lines have no counterpart. */
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { chunk, type OriginScript, reply } from '../lab/origin.ts'
import type { StreamRow } from './stream-row.ts'
import { type StreamAnswer, streamValues } from './stream-talk.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n`

const answers = (
  id: string,
  says: string,
  origin: OriginScript,
  answered: (answer: StreamAnswer) => unknown,
): StreamRow => ({ id, says, origin, answered })

const status = (code: number): StreamRow =>
  answers(
    `res-weird-${code}`,
    `passes ${code} on`,
    () => reply(`${code} Odd`),
    (answer) => assert.equal(answer.status, code),
  )

const cut = (id: string, says: string, said: string): StreamRow =>
  answers(
    id,
    `resets the stream where the upstream ${says}`,
    ({ socket }) => void socket.end(Buffer.from(said, 'latin1')),
    ({ code }) => assert.notEqual(code, 0),
  )

const bad = (id: string, says: string, said: string): StreamRow =>
  answers(
    id,
    `answers 502 where the upstream ${says}`,
    () => said,
    (answer) => assert.equal(answer.status, 502),
  )

const zipped = gzipSync('hello').toString('latin1')

export const streamAnswers: readonly StreamRow[] = [
  answers(
    'res-dup',
    'keeps repeated lines apart, in their order',
    () =>
      reply('200 OK', [
        'X-D: 1',
        'Vary: a',
        'X-D: 2',
        'WWW-Authenticate: Negotiate',
        'WWW-Authenticate: NTLM',
      ]),
    ({ lines: got }) => {
      assert.deepEqual(streamValues(got, 'x-d'), ['1', '2'])
      assert.deepEqual(streamValues(got, 'www-authenticate'), ['Negotiate', 'NTLM'])
    },
  ),
  answers(
    'res-single',
    'joins repeated lines that should stand once',
    () => reply('200 OK', ['X-Content-Type-Options: nosniff', 'x-content-type-options: nosniff']),
    ({ lines: got }) =>
      assert.deepEqual(streamValues(got, 'x-content-type-options'), ['nosniff, nosniff']),
  ),
  answers(
    'res-latin1',
    'keeps bytes beyond ASCII',
    () => reply('200 OK', ['X-L: caf\xe9 \xff\x80']),
    ({ lines: got }) => assert.deepEqual(streamValues(got, 'x-l'), ['caf\xe9 \xff\x80']),
  ),
  answers(
    'res-date',
    'invents no lines',
    () =>
      reply('200 OK', ['Connection: keep-alive, X-Listed', 'X-Listed: 1', 'Keep-Alive: timeout=5']),
    ({ lines: got }) => assert.deepEqual(got, [':status', '200', 'content-length', '0']),
  ),
  status(299),
  status(599),
  // Node writes no such status in HTTP/2.
  bad(
    'res-weird-999',
    'answers with a status above 599',
    'HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n',
  ),
  answers(
    'res-100',
    'tolerates 100 Continue that nobody asked for',
    () => `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`,
    ({ body }) => assert.equal(body, 'ok'),
  ),
  answers(
    'res-103',
    'passes early hints on',
    () => `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`,
    ({ early, body }) => assert.deepEqual([early, body], [[103], 'ok']),
  ),
  {
    ...answers(
      'res-head',
      'keeps the length that HEAD tells',
      () => `${ok}Content-Length: 1234\r\n\r\n`,
      ({ lines: got, code }) => {
        assert.deepEqual(streamValues(got, 'content-length'), ['1234'])
        assert.equal(code, 0)
      },
    ),
    ask: { ':method': 'HEAD', ':path': '/' },
  },
  answers(
    'res-304',
    'keeps what a 304 tells',
    () => 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: "x"\r\n\r\n',
    ({ status: code, lines: got }) => {
      assert.equal(code, 304)
      assert.deepEqual(streamValues(got, 'etag'), ['"x"'])
      assert.deepEqual(streamValues(got, 'content-length'), ['99'])
    },
  ),
  answers(
    'res-trailers',
    'passes trailers on',
    () => `${chunked}Trailer: X-Sum\r\n\r\n${chunk('hi')}0\r\nX-Sum: 1\r\n\r\n`,
    ({ trailers, body }) => {
      assert.equal(body, 'hi')
      assert.deepEqual(trailers, ['x-sum', '1'])
    },
  ),
  answers(
    'res-eof',
    'ends a body that its connection ends',
    ({ socket }) => void socket.end(`${ok}\r\nall`),
    ({ body, code }) => assert.deepEqual([body, code], ['all', 0]),
  ),
  answers(
    'res-gzip',
    'leaves coded bytes as they are',
    () => reply('200 OK', ['Content-Encoding: gzip'], zipped),
    ({ body }) => assert.equal(body, zipped),
  ),
  answers(
    'res-range',
    'passes parts on',
    () => reply('206 Partial Content', ['Content-Range: bytes 0-1/9'], 'ab'),
    ({ status: code, body }) => assert.deepEqual([code, body], [206, 'ab']),
  ),
  bad('res-cl+te', 'frames its answer in two ways', `${chunked}Content-Length: 3\r\n\r\n0\r\n\r\n`),
  bad('res-ctl', 'sends a control character', `${ok}X-A: \x01\r\nContent-Length: 0\r\n\r\n`),
  bad('err-garbage', 'speaks garbage', 'garbage\r\n\r\n'),
  cut('err-trunc-cl', 'closes amid a body of known length', `${ok}Content-Length: 9\r\n\r\nhalf`),
  cut('err-trunc-chunk', 'closes amid chunks', `${chunked}\r\n9\r\nhalf`),
  cut('err-chunk-bad', 'sends a chunk that is none', `${chunked}\r\n${chunk('half')}zz\r\n`),
  answers(
    'err-rst',
    'answers 502 where the upstream resets before its head',
    ({ socket }) => void socket.resetAndDestroy(),
    (answer) => assert.equal(answer.status, 502),
  ),
]
