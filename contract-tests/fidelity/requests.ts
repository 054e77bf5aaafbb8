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

const chunkedUpload = `${chunk('hel')}${chunk('lo')}0\r\nX-Sum: 1\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n`

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
    id: 'req-expect',
    says: 'asks for the upload of a client that waits with it, where the upstream does not',
    async origin({ body }) {
      await body
      return reply('200 OK')
    },
    async holds({ talk, origin }) {
      const { say, until, closed } = talk()
      say(askOnce('POST /', ['Expect: 100-continue', 'Content-Length: 5']))
      await until(/^HTTP\/1\.1 100 Continue\r\n\r\n/)
      say('hello')
      assert.equal(statusOf(await closed), 200)
      assert.equal(String(await (await origin.next()).body), 'hello')
    },
  },
  {
    id: 'req-expect-417',
    says: 'passes a refusal on before the body of a client that waits with it',
    origin: ({ head }) =>
      reply(/\r\nExpect: 100-continue/i.test(head) ? '413 Too Large' : '200 OK'),
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('POST /', ['Expect: 100-continue', 'Content-Length: 5']))
      assert.match(await until(/\r\n\r\n/), /^HTTP\/1\.1 413 /)
    },
  },
  {
    id: 'req-expect-heeded',
    says: 'passes 100 Continue on as soon as the upstream says it',
    async origin({ socket, body }) {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      return reply('200 OK', [], String(await body))
    },
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('POST /', ['Expect: 100-continue', 'Content-Length: 5']))
      assert.equal(await until(/\r\n\r\n/), 'HTTP/1.1 100 Continue\r\n\r\n')
      say('hello')
      await until(/\r\n\r\nhello$/)
    },
  },
  {
    id: 'req-flush',
    says: 'passes the head of an upload on before its body comes',
    async holds({ talk, origin }) {
      for (const framing of ['Content-Length: 100000', 'Transfer-Encoding: chunked']) {
        talk().say(ask('POST /', [framing]))
        assert.ok(requestLinesOf(await origin.next()).includes(framing))
      }
    },
  },
  {
    id: 'req-chunked',
    says: 'keeps a chunked upload chunked',
    async holds(world) {
      const heard = await world.heard('POST /', ['Transfer-Encoding: chunked'], chunkedUpload)
      assert.deepEqual(valuesOf(requestLinesOf(heard), 'Transfer-Encoding'), ['chunked'])
      assert.deepEqual(valuesOf(requestLinesOf(heard), 'Content-Length'), [])
      assert.equal(String(await heard.body), 'hello')
    },
  },
  {
    id: 'req-trailers',
    says: 'passes trailers of an upload on, but none that would be a lie as a header',
    async holds({ talk, origin }) {
      const { say } = talk()
      let raw = ''
      say(ask('POST /', ['Transfer-Encoding: chunked', 'Trailer: X-Sum']))
      const { socket, lines } = await origin.next()
      const told = new Promise((resolve) => {
        socket.on('data', (bytes: Buffer) => {
          raw += bytes.toString('latin1')
          if (raw.endsWith('\r\n\r\n')) resolve(null)
        })
      })
      say(chunkedUpload)
      await told
      assert.ok(lines.includes('Trailer'))
      assert.ok(raw.endsWith('0\r\nX-Sum: 1\r\n\r\n'), raw)
    },
  },
  ...['GET', 'DELETE', 'PATCH'].map(
    (method): Row => ({
      id: `req-${method.toLowerCase()}-body`,
      says: `passes the body of a ${method} on`,
      async holds(world) {
        const heard = await world.heard(`${method} /`, ['Content-Length: 5'], 'hello')
        assert.deepEqual(valuesOf(requestLinesOf(heard), 'Content-Length'), ['5'])
        assert.equal(String(await heard.body), 'hello')
      },
    }),
  ),
  {
    id: 'req-empty-body',
    says: 'says that a body is empty where the client did',
    async holds(world) {
      const heard = requestLinesOf(await world.heard('POST /', ['Content-Length: 0']))
      assert.deepEqual(valuesOf(heard, 'Content-Length'), ['0'])
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
