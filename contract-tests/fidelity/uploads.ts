/** How an upload reaches its origin, and what is answered before it has. */
import assert from 'node:assert/strict'
import { chunk, reply } from '../lab/origin.ts'
import { type Row, requestLinesOf, valuesOf } from './row.ts'
import { ask, askOnce, statusOf } from './talk.ts'

const chunkedUpload = `${chunk('hel')}${chunk('lo')}0\r\nX-Sum: 1\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n`

export const uploads: readonly Row[] = [
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
    id: 'req-10-expect',
    says: 'sends no interim answer to an HTTP/1.0 client',
    async holds({ tell, origin }) {
      const expecting = 'POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello'
      assert.match(await tell(expecting), /^HTTP\/1\.1 200 OK/)
      assert.equal(String(await (await origin.next()).body), 'hello')
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
    id: 'req-flush-many',
    says: 'leaves half of the places of an upstream to uploads that stand still, and the next their turn',
    pool: { connections: 8 },
    origin: ({ line }) => (line.startsWith('GET') ? reply('200 OK') : undefined),
    async holds({ talk, tell, origin }) {
      const upload = ask('POST /', ['Content-Length: 100000'], 'some')
      const talks = Array.from({ length: 5 }, () => talk())
      for (const { say } of talks) say(upload)
      const heard = [await origin.next(), await origin.next(), await origin.next()]
      heard.push(await origin.next())
      assert.equal(statusOf(await tell(askOnce('GET /'))), 200)
      await origin.next()
      assert.equal(origin.requests.length, 5)
      heard[0]?.socket.write(reply('413 Too Large'))
      const { socket } = await origin.next()
      socket.write(reply('403 No'))
      for (const status of [/ 413 /, / 403 /])
        await Promise.any(talks.map(({ until }) => until(status)))
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
]
