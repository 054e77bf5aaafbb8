/** What becomes of connections, and when bytes leave. */
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { chunk, type Heard, reply } from '../lab/origin.ts'
import type { Row, World } from './row.ts'
import { ask, askOnce, bodyOf, statusOf, type Talk } from './talk.ts'

const ok = 'HTTP/1.1 200 OK\r\n'

const countHeads = (text: string): number =>
  text.match(/HTTP\/1\.1 \d[\s\S]*?\r\n\r\n/g)?.length ?? 0

/** Asks again and again over one connection; gives the statuses. */
const askInTurn = async (
  { say, text, until }: Talk,
  requests: readonly string[],
): Promise<number[]> => {
  const before = countHeads(text())
  const statuses: number[] = []
  for (const request of requests) {
    say(request)
    const expected = before + statuses.length + 1
    statuses.push(statusOf(await until((seen) => countHeads(seen) === expected)))
  }
  return statuses
}

const gets = (count: number): string[] => Array.from({ length: count }, () => ask('GET /'))

/** A large body, and a client that begins to read it late. */
const slow = (id: string, says: string, lines: string, isClosed: boolean): Row => ({
  id,
  says: `gives a slow client all of a body ${says}`,
  origin({ socket }) {
    socket.write(`${ok}${lines}\r\n`)
    const body = Buffer.alloc(8_000_000, 'x')
    if (isClosed) socket.end(body)
    else socket.write(body)
  },
  async holds({ talk }) {
    const { say, until, socket } = talk()
    say(askOnce('GET /'))
    await until(/\r\n\r\n/)
    socket.pause()
    for (let turns = 0; turns < 200; turns++) await turn()
    let length = 0
    socket.removeAllListeners('data')
    socket.on('data', (bytes: Buffer) => {
      length += bytes.length
    })
    socket.resume()
    await once(socket, 'close')
    assert.ok(length > 7_900_000, `${length} bytes`)
  },
})

/** The upstream closes a kept connection just before it is used again. */
const stale = (id: string, request: string, says: string, allowed: readonly number[]): Row => ({
  id,
  says,
  async holds({ talk, origin }: World) {
    const [first] = await askInTurn(talk(), [request])
    const { socket } = await origin.next()
    socket.resetAndDestroy()
    const [second = 0] = await askInTurn(talk(), [request])
    assert.equal(first, 200)
    assert.ok(allowed.includes(second), String(second))
    assert.ok(origin.requests.length <= 2)
  },
})

export const connections: readonly Row[] = [
  {
    id: 'ka-reuse',
    says: 'uses one connection to the upstream again and again',
    async holds({ talk, origin }) {
      assert.deepEqual(await askInTurn(talk(), gets(5)), [200, 200, 200, 200, 200])
      assert.equal(origin.accepted(), 1)
    },
  },
  {
    id: 'head-ka',
    says: 'uses it again after HEAD, 204 and 304 too',
    origin: ({ line }) =>
      reply(line.startsWith('HEAD') ? '200 OK' : `${line.slice(5, 8)} X`, ['Content-Length: 99']),
    async holds({ talk, origin }) {
      const asked = [ask('HEAD /'), ask('GET /204'), ask('GET /304'), ask('HEAD /')]
      assert.deepEqual(await askInTurn(talk(), asked), [200, 204, 304, 200])
      assert.equal(origin.accepted(), 1)
    },
  },
  stale('ka-stale', ask('GET /'), 'answers a GET whose connection the upstream had closed', [200]),
  stale(
    'ka-stale-post',
    ask('POST /', ['Content-Length: 2'], 'hi'),
    'never sends a POST twice',
    [200, 502],
  ),
  {
    id: 'ka-rst-reused',
    says: 'answers every GET although the upstream resets each connection at its second request',
    origin: (() => {
      const seen = new Set<number>()
      return ({ socket, connection }: Heard) => {
        if (!seen.has(connection)) {
          seen.add(connection)
          return reply('200 OK')
        }
        socket.resetAndDestroy()
        return undefined
      }
    })(),
    async holds({ talk }) {
      assert.deepEqual(
        await askInTurn(talk(), gets(40)),
        Array.from({ length: 40 }, () => 200),
      )
    },
  },
  {
    id: 'poison',
    says: 'gives bytes that follow an answer to nobody',
    origin: () => `${ok}Content-Length: 2\r\n\r\nhi${ok}Content-Length: 4\r\n\r\nevil`,
    async holds({ talk, origin }) {
      const one = talk()
      assert.deepEqual(await askInTurn(one, gets(3)), [200, 200, 200])
      assert.doesNotMatch(one.text(), /evil/)
      assert.equal(origin.accepted(), 3)
    },
  },
  {
    id: 'poison-idle',
    says: 'closes a connection on which an upstream speaks unasked',
    async holds({ talk, origin }) {
      const one = talk()
      await askInTurn(one, gets(1))
      const { socket } = await origin.next()
      socket.write(`${ok}Content-Length: 4\r\n\r\nevil`)
      await origin.quiet()
      assert.deepEqual(await askInTurn(one, gets(1)), [200])
      assert.doesNotMatch(one.text(), /evil/)
    },
  },
  {
    id: 'sse',
    says: 'passes each event on as it comes',
    origin: ({ socket }) =>
      void socket.write(
        `${ok}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('data: 1\n\n')}`,
      ),
    async holds({ talk, origin }) {
      const { say, until } = talk()
      say(ask('GET /'))
      await until(/data: 1\n\n/)
      const { socket } = await origin.next()
      socket.write(chunk('data: 2\n\n'))
      await until(/data: 2\n\n/)
    },
  },
  {
    id: 'hdr-flush',
    says: 'passes a head on before its body comes',
    origin: ({ socket }) => void socket.write(`${ok}Content-Length: 9\r\n\r\n`),
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('GET /'))
      await until(/^HTTP\/1\.1 200 OK\r\nContent-Length: 9\r\n\r\n/)
    },
  },
  {
    id: 'up-conn-limit',
    says: 'answers 200 at once over 16 connections',
    pool: { maxPending: 256, queueTimeoutMs: 10_000 },
    origin: async ({ line }) => {
      for (let turns = 0; turns < 20; turns++) await turn()
      return reply('200 OK', [], line.split(' ')[1])
    },
    async holds({ tell, origin }) {
      const asked = Array.from({ length: 200 }, (_, at) => tell(askOnce(`GET /${at}`)))
      const told = await Promise.all(asked)
      assert.deepEqual(
        told.map(bodyOf),
        told.map((_, at) => `/${at}`),
      )
      assert.ok(origin.accepted() <= 16, `${origin.accepted()} connections`)
    },
  },
  slow('slow-cl', 'of known length', 'Content-Length: 8000000\r\nConnection: close\r\n', true),
  slow('slow-eof', 'that its connection ends', '', true),
  slow(
    'slow-ka',
    'of known length, over a connection that is kept',
    'Content-Length: 8000000\r\n',
    false,
  ),
]
