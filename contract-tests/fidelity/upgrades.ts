/** Connections that change to WebSocket, and offers that come to nothing. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chunk, type OriginScript, reply } from '../lab/origin.ts'
import { type Row, requestLinesOf, valuesOf } from './row.ts'
import { ask, bodyOf, linesOf, statusOf } from './talk.ts'

const offer = [
  'Connection: keep-alive, Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'sec-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==',
]
const handshake = ask('GET /ws', offer)
const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n'

/** Accepts, speaks first, and says everything again that it hears. */
const echo: OriginScript = ({ socket }) => {
  socket.write(`${accepted}early`)
  socket.on('data', (bytes: Buffer) => socket.write(bytes))
}

/** A tunnel that one side breaks; the other must hear of it. */
const breaks = (id: string, says: string, isClient: boolean): Row => ({
  id,
  says,
  origin: echo,
  async holds({ talk, origin }) {
    const { say, until, socket, closed } = talk()
    say(handshake)
    await until(/early$/)
    const { socket: theirs } = await origin.next()
    if (isClient) socket.resetAndDestroy()
    else theirs.resetAndDestroy()
    await origin.quiet()
    await closed
  },
})

export const upgrades: readonly Row[] = [
  {
    id: 'ws-basic',
    says: 'joins both sides, with what the upstream says first',
    origin: echo,
    async holds({ talk }) {
      const { say, until } = talk()
      say(handshake)
      const answer = await until(/early$/)
      assert.match(answer, /^HTTP\/1\.1 101 Switching Protocols\r\n/)
      assert.deepEqual(valuesOf(linesOf(answer.replace(' 101 ', ' 201 ')), 'Set-Cookie'), [
        'a=1',
        'b=2',
      ])
      say('hello')
      await until(/hello$/)
    },
  },
  {
    id: 'ws-clienthead',
    says: 'passes bytes on that come with the handshake',
    origin: echo,
    async holds({ talk }) {
      const { say, until } = talk()
      say(`${handshake}at once`)
      await until(/at once$/)
    },
  },
  {
    id: 'ws-request',
    says: 'tells the upstream of the offer, and of the client, as of any request',
    origin: echo,
    async holds({ talk, origin }) {
      const { say, until } = talk()
      say(handshake)
      await until(/early$/)
      const heard = requestLinesOf(await origin.next())
      assert.deepEqual(valuesOf(heard, 'Upgrade'), ['websocket'])
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-For'), ['127.0.0.1'])
      assert.deepEqual(valuesOf(heard, 'Host'), ['app.example'])
    },
  },
  {
    id: 'ws-401',
    says: 'passes a refusal on, its chunks intact',
    origin: () =>
      `HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('no')}0\r\n\r\n`,
    async holds({ tell }) {
      const answer = await tell(handshake)
      assert.equal(statusOf(answer), 401)
      const isChunked = /transfer-encoding: chunked/i.test(answer)
      assert.equal(bodyOf(answer), isChunked ? '2\r\nno\r\n0\r\n\r\n' : 'no')
    },
  },
  {
    id: 'ws-refused',
    says: 'answers 502 when nobody listens',
    async holds({ tell, origin }) {
      await origin.close()
      assert.equal(statusOf(await tell(handshake)), 502)
    },
  },
  breaks('ws-clientrst', 'hangs up on the upstream when the client resets', true),
  breaks('ws-uprst', 'hangs up on the client when the upstream resets', false),
  {
    id: 'ws-clientrst-pre',
    says: 'hangs up on the upstream when the client resets before the answer',
    origin: () => undefined,
    async holds({ talk, origin }) {
      const { say, socket } = talk()
      say(handshake)
      await origin.next()
      socket.resetAndDestroy()
      await origin.quiet()
    },
  },
  {
    id: 'ws-half',
    says: 'gives a client that has ended its side what the upstream still says',
    origin({ socket }) {
      socket.write(accepted)
      // Before the lab ends its own side.
      socket.prependOnceListener('end', () => socket.write('late'))
    },
    async holds({ talk }) {
      const { say, until, socket, closed } = talk()
      say(handshake)
      await until(/\r\n\r\n$/)
      socket.end()
      assert.match(await closed, /late$/)
    },
  },
  {
    id: 'ws-nonws',
    says: 'serves an offer of another protocol as the ordinary request it is',
    origin: () => reply('200 OK', [], 'plain'),
    async holds({ talk, origin }) {
      const { say, until } = talk()
      say(ask('GET /', ['Connection: Upgrade', 'Upgrade: foo']))
      await until(/plain$/)
      assert.deepEqual(valuesOf(requestLinesOf(await origin.next()), 'Upgrade'), [])
    },
  },
  {
    id: 'ws-resets',
    says: 'keeps nothing of 60 connections that were reset',
    origin: echo,
    async holds({ talk, origin }) {
      for (let time = 0; time < 60; time++) {
        const { say, until, socket } = talk()
        say(handshake)
        if (time % 3 > 0) await until(time % 3 === 1 ? /101/ : /early$/)
        socket.resetAndDestroy()
        await once(socket, 'close')
      }
      await origin.quiet()
    },
  },
]
