/** What an origin hears of a request. */
import assert from 'node:assert/strict'
import { chunk, reply } from '../lab/origin.ts'
import { type Row, requestLinesOf, valuesOf, type World } from './row.ts'
import { ask, askOnce, bodyOf, statusOf } from './talk.ts'

/** Lines that arrive as they were sent, in that order. */
const keeps =
  (lines: readonly string[]) =>
  async (world: World): Promise<void> => {
    const heard = requestLinesOf(await world.heard('GET /', lines))
    assert.deepEqual(
      heard.filter((line) => lines.includes(line)),
      lines,
    )
  }

/** Names that do not arrive. */
const drops =
  (lines: readonly string[], names: readonly string[]) =>
  async (world: World): Promise<void> => {
    const heard = requestLinesOf(await world.heard('GET /', lines))
    for (const name of names) assert.deepEqual(valuesOf(heard, name), [], name)
  }

export const requests: readonly Row[] = [
  { id: 'req-host', says: 'keeps Host', holds: keeps(['Host: App.Example:81']) },
  {
    id: 'req-case',
    says: 'keeps the case of names',
    holds: keeps(['X-cAsE: 1', 'x-lower: 2', 'X-UPPER: 3']),
  },
  {
    id: 'req-dup',
    says: 'keeps repeated lines apart, in their order',
    holds: keeps(['X-D: 1', 'X-M: x', 'X-D: 2']),
  },
  {
    id: 'req-dropdup',
    says: 'keeps a second line of a header that has one value',
    holds: keeps(['Referer: a', 'Referer: b']),
  },
  {
    id: 'req-cookie2',
    says: 'keeps two Cookie lines',
    holds: keeps(['Cookie: a=1', 'Cookie: b=2']),
  },
  { id: 'req-latin1', says: 'keeps bytes beyond ASCII', holds: keeps(['X-L: caf\xe9 \xff\x80']) },
  {
    id: 'req-browser',
    says: 'keeps what a framework needs against CSRF',
    holds: keeps([
      'Origin: https://app.example',
      'Sec-Fetch-Site: same-origin',
      'Sec-Fetch-Mode: cors',
      'Sec-Fetch-Dest: empty',
    ]),
  },
  {
    id: 'req-connlist',
    says: 'drops what Connection lists',
    holds: drops(['Connection: close, X-Listed', 'X-Listed: 1'], ['X-Listed', 'Connection']),
  },
  {
    id: 'req-connhost',
    says: 'lets no client delete protected lines by naming them in Connection',
    async holds(world) {
      const lines = [
        'Connection: close, X-Forwarded-For, Cookie, Host, Content-Length',
        'Cookie: c=1',
      ]
      const heard = requestLinesOf(await world.heard('GET /', lines))
      assert.deepEqual(valuesOf(heard, 'Cookie'), ['c=1'])
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-For'), ['127.0.0.1'])
      assert.deepEqual(valuesOf(heard, 'Host'), ['app.example'])
    },
  },
  {
    id: 'req-hop',
    says: 'drops lines of one hop',
    holds: drops(
      [
        'Keep-Alive: timeout=5',
        'Proxy-Connection: keep-alive',
        'TE: gzip',
        'Proxy-Authorization: Basic x',
      ],
      ['Keep-Alive', 'Proxy-Connection', 'TE', 'Proxy-Authorization'],
    ),
  },
  { id: 'req-te-trailers', says: 'passes TE: trailers on', holds: keeps(['TE: trailers']) },
  {
    id: 'req-upgrade-h2c',
    says: 'serves an offer of h2c as the ordinary request it is',
    holds: drops(
      ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAA'],
      ['Upgrade', 'HTTP2-Settings'],
    ),
  },
  {
    id: 'h2c-post',
    says: 'serves a POST that offers h2c, body and all',
    async holds({ talk, origin }) {
      const { say, until } = talk()
      say(
        ask(
          'POST /',
          [
            'Connection: Upgrade, HTTP2-Settings',
            'Upgrade: h2c',
            'HTTP2-Settings: AAA',
            'Content-Length: 5',
          ],
          'hello',
        ),
      )
      assert.equal(statusOf(await until(/\r\n\r\n/)), 200)
      assert.equal(String(await (await origin.next()).body), 'hello')
    },
  },
  {
    id: 'req-10',
    says: 'gives an HTTP/1.0 client a body without chunks, then closes',
    origin: () => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('hello')}0\r\n\r\n`,
    async holds({ tell }) {
      const answer = await tell('GET / HTTP/1.0\r\nHost: app.example\r\n\r\n')
      assert.equal(bodyOf(answer), 'hello')
      assert.doesNotMatch(answer, /transfer-encoding/i)
    },
  },
  {
    id: 'req-10-nohost',
    says: 'names the upstream as Host for an HTTP/1.0 client that names none',
    async holds({ tell, origin }) {
      assert.equal(statusOf(await tell('GET / HTTP/1.0\r\n\r\n')), 200)
      const heard = requestLinesOf(await origin.next())
      assert.deepEqual(valuesOf(heard, 'Host'), [`127.0.0.1:${origin.port}`])
    },
  },
  {
    id: 'm-custom',
    says: 'passes methods of WebDAV and of caches on',
    async holds(world) {
      for (const method of ['PURGE', 'PROPFIND', 'REPORT', 'M-SEARCH']) {
        assert.equal((await world.heard(`${method} /x`)).line, `${method} /x HTTP/1.1`)
      }
    },
  },
  {
    id: 'pipeline',
    says: 'answers pipelined requests in their order',
    origin: ({ line }) => reply('200 OK', [], line.split(' ')[1] ?? ''),
    async holds({ tell }) {
      const answer = await tell(`${ask('GET /one')}${ask('GET /two')}${askOnce('GET /three')}`)
      assert.deepEqual(answer.match(/\/(?:one|two|three)/g), ['/one', '/two', '/three'])
    },
  },
]
