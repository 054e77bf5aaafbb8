import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { createOrigin, type LabOrigin, type OriginScript } from '../../contract-tests/lab/origin.ts'
import { upstreamConfig } from '../../contract-tests/lab/upstream-config.ts'
import type { Log } from '../telemetry/log.ts'
import { createOutlook, createTap, inbound, standsStill } from './conformance/exchange.ts'
import { rawHeader } from './raw-header.ts'
import type { Send } from './send.ts'
import { guardUndici } from './undici-guard.ts'
import { createUpstream, type Upstream } from './upstream.ts'

const createHeard = (): Log & { readonly said: string[] } => {
  const said: string[] = []
  const say = (event: string, fields: object = {}): void => {
    said.push(`${event} ${Object.values(fields).join(' ')}`)
  }
  return { said, debug: say, info: say, warn: say, error: say }
}

const once = createHeard()
const again = createHeard()

/** Sizes round what a socket and a parser hold at once, in both framings that end with a close. */
const sizes = [0, 1, 16_384, 65_534, 65_535, 65_536, 131_072, 1_000_000]

/** Answers `/close/N` and `/eof/N` with N bytes, then closes; `/half` with half an answer. */
const script: OriginScript = ({ socket, line }) => {
  const [, kind, size] = /^GET \/(\w+)(?:\/(\d+))? /.exec(line) ?? []
  if (kind === 'half') return 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf'
  const length = kind === 'close' ? `Content-Length: ${size}\r\n` : ''
  socket.write(`HTTP/1.1 200 OK\r\n${length}Connection: close\r\n\r\n`)
  socket.end(Buffer.alloc(Number(size), 'x'))
  return undefined
}

describe('guardUndici', () => {
  let origin: LabOrigin
  let upstream: Upstream
  let send: Send
  before(async () => {
    await guardUndici(once)
    await guardUndici(again)
    origin = await createOrigin(script)
    upstream = createUpstream(upstreamConfig(origin.url, { wire: 'undici' }), {
      pseudonym: 'banyan-test',
      now: () => performance.now(),
    })
    send = upstream.send('legacy')
  })
  after(async () => {
    await upstream.close(0)
    await origin.close()
  })

  it('says what it mended, and finds nothing to mend a second time', () => {
    for (const line of once.said) assert.match(line, /^undici_mended (paused_parser|reset_is_end)$/)
    assert.deepEqual(again.said, [])
  })

  for (const kind of ['close', 'eof']) {
    it(`outlives a client that stops reading an answer that ends with its connection (${kind})`, async () => {
      for (const size of sizes) {
        const answer = await send(inbound({ url: `/${kind}/${size}` }), createOutlook())
        const tap = createTap()
        tap.ready = false
        const flow = answer.body.flow(tap)
        await standsStill(tap.size)
        tap.ready = true
        flow.resume()
        await tap.over
        assert.equal(tap.failure, null, `${size} bytes`)
        assert.equal(tap.size(), size)
        assert.equal(rawHeader(answer.headers, 'connection'), null)
      }
    })
  }

  it('tells a body that a reset broke from one that ended', async () => {
    const { body } = await send(inbound({ url: '/half' }), createOutlook())
    const tap = createTap()
    body.flow(tap)
    // Together with the bytes before it, a reset looks like an end: libuv tells it so.
    await tap.begun
    origin.requests.at(-1)?.socket.resetAndDestroy()
    await tap.over
    assert.equal(tap.failure?.code, 'http_response_incomplete')
  })
})
