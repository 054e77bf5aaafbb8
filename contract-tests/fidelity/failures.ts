/** What a client sees when an upstream fails, and what an upstream sees when a client does. */
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { standsStill } from '../../proxy/targets/conformance/exchange.ts'
import { chunk, type OriginScript, reply } from '../lab/origin.ts'
import type { Row } from './row.ts'
import { ask, askOnce, bodyOf, statusOf } from './talk.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const block = Buffer.alloc(65_536, 'x')

/** A failure before the head. */
const before = (
  id: string,
  says: string,
  origin: OriginScript,
  request = askOnce('GET /'),
): Row => ({
  id,
  says: `answers 502 once when the upstream ${says}`,
  origin,
  async holds({ tell, origin: heard }) {
    assert.equal(statusOf(await tell(request)), 502)
    assert.equal(heard.requests.length, 1)
  },
})

/** A failure amid the body: the client must be able to tell. */
const amid = (id: string, says: string, origin: OriginScript, begun: RegExp): Row => ({
  id,
  says: `cuts the connection of the client when the upstream ${says}`,
  origin,
  async holds({ talk }) {
    const { say, closed } = talk()
    say(ask('GET /'))
    const text = await closed
    assert.match(text, begun)
    assert.doesNotMatch(text, /\r\n0\r\n/)
  },
})

/** Writes blocks for as long as anybody takes them. */
const pour: OriginScript = async ({ socket }) => {
  socket.write(`${ok}Content-Length: ${1_000 * block.length}\r\n\r\n`)
  for (let sent = 0; sent < 1_000 && !socket.destroyed; sent++) {
    if (!socket.write(block)) await once(socket, 'drain').catch(() => {})
  }
  return undefined
}

/** A client that leaves; the upstream must hear of it. */
const leaves = (id: string, says: string, origin: OriginScript, request: string): Row => ({
  id,
  says: `hangs up on the upstream when the client leaves ${says}`,
  origin,
  async holds({ talk, origin: heard }) {
    const { say, until, socket } = talk()
    say(request)
    await heard.next()
    if (origin === pour) await until(/xxxx/)
    socket.resetAndDestroy()
    await heard.quiet()
  },
})

export const failures: readonly Row[] = [
  {
    id: 'err-refused',
    says: 'answers 502 when nobody listens',
    async holds({ answer, origin }) {
      await origin.close()
      assert.equal(statusOf(await answer()), 502)
    },
  },
  before('err-garbage', 'speaks garbage', () => 'SSH-2.0-OpenSSH_9.2\r\n'),
  before(
    'err-close-nohdr',
    'closes before its head (POST)',
    ({ socket }) => void socket.end(),
    askOnce('POST /', ['Content-Length: 2'], 'hi'),
  ),
  before('err-close-midhdr', 'closes amid its head', ({ socket }) => void socket.end(`${ok}X: `)),
  before(
    'err-rst-nohdr',
    'resets before its head (GET)',
    ({ socket }) => void socket.resetAndDestroy(),
  ),
  amid(
    'err-trunc-cl',
    'closes amid a body of known length',
    ({ socket }) => void socket.end(`${ok}Content-Length: 9\r\n\r\nhalf`),
    /half(?:<reset>)?$/,
  ),
  amid(
    'err-trunc-chunk',
    'closes amid chunks',
    ({ socket }) => void socket.end(`${ok}Transfer-Encoding: chunked\r\n\r\n${chunk('half')}`),
    /half\r\n(?:<reset>)?$/,
  ),
  amid(
    'err-trunc-eof',
    'resets amid a body that its end would have ended',
    ({ socket }) => {
      socket.write(`${ok}\r\nhalf`)
      socket.resetAndDestroy()
    },
    /200 OK[\s\S]*half\r\n(?:<reset>)?$/,
  ),
  amid(
    'err-chunk-bad',
    'sends a chunk that is none',
    () => `${ok}Transfer-Encoding: chunked\r\n\r\n${chunk('half')}xyz\r\n`,
    // The head is not sent where it is known by then that its body is broken.
    /^(?:HTTP\/1\.1 200 OK[\s\S]*half\r\n)?(?:<reset>)?$/,
  ),
  {
    id: 'err-timeout',
    says: 'answers 504 when the upstream does not answer in time',
    origin: () => undefined,
    timeouts: { firstByteMs: 100 },
    async holds({ answer, origin }) {
      assert.equal(statusOf(await answer()), 504)
      await origin.quiet()
    },
  },
  leaves('abort-wait', 'while it waits', () => undefined, ask('GET /')),
  leaves('abort-body', 'amid the body', pour, ask('GET /')),
  leaves(
    'abort-upload',
    'amid its upload',
    () => undefined,
    ask('POST /', ['Content-Length: 1000000'], 'begun'),
  ),
  {
    // nginx does the same. Who waits for a client that has ended its side cannot tell that it left.
    id: 'half-close',
    says: 'takes the end of the client for its leave',
    origin: () => undefined,
    async holds({ talk, origin }) {
      const { say, socket, closed } = talk()
      say(ask('GET /'))
      await origin.next()
      socket.end()
      await origin.quiet()
      assert.equal(await closed, '')
    },
  },
  {
    id: 'early-413',
    says: 'passes an answer on that comes before the upload is over',
    origin: ({ socket }) =>
      void socket.write(
        `${ok.replace('200 OK', '413 Too Large')}Connection: close\r\nContent-Length: 5\r\n\r\nlarge`,
      ),
    async holds({ talk }) {
      const { say, until } = talk()
      say(ask('POST /', ['Content-Length: 10000000'], 'begun'))
      assert.equal(bodyOf(await until(/large$/)), 'large')
    },
  },
  {
    id: 'early-200-ka',
    says: 'never takes the rest of an upload for another request',
    origin: () => reply('403 Forbidden'),
    async holds({ talk, tell, origin }) {
      const { say, until } = talk()
      const smuggled = ask('GET /smuggled')
      say(ask('POST /', [`Content-Length: ${20_000 + smuggled.length}`], 'x'.repeat(20_000)))
      await origin.next()
      say(smuggled)
      assert.equal(statusOf(await until(/\r\n\r\n/)), 403)
      await tell(askOnce('GET /after'))
      assert.deepEqual(
        origin.requests.map(({ line }) => line),
        ['POST / HTTP/1.1', 'GET /after HTTP/1.1'],
      )
    },
  },
  {
    id: 'bp-down',
    says: 'makes the origin wait for a client that does not read',
    origin: pour,
    async holds({ talk, origin }) {
      const { say, until, socket } = talk()
      say(ask('GET /'))
      await until(/\r\n\r\n/)
      socket.pause()
      const { socket: theirs } = await origin.next()
      await standsStill(() => theirs.bytesWritten - theirs.writableLength)
      assert.ok(theirs.bytesWritten < 32_000_000, `${theirs.bytesWritten} bytes in flight`)
    },
  },
  {
    id: 'bp-up',
    says: 'makes the client wait for an origin that does not read',
    origin: ({ socket }) => void socket.pause(),
    async holds({ talk }) {
      const { say, socket } = talk()
      say(ask('POST /', [`Content-Length: ${1_000 * block.length}`]))
      for (let sent = 0; sent < 1_000; sent++) say(block)
      await standsStill(() => socket.bytesWritten - socket.writableLength)
      assert.ok(socket.writableLength > 32_000_000, `${socket.writableLength} bytes wait`)
    },
  },
]
