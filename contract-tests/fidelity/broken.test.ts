/** Sides that reset, hang, stall and leave: what is left of them, and how soon. */
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'
import type { OriginScript } from '../lab/origin.ts'
import { createDraw, openSockets, settles, timed } from './counted.ts'
import { openWorld, type Row, type World } from './row.ts'
import { ask, askOnce, statusOf } from './talk.ts'

const ok = 'HTTP/1.1 200 OK\r\n'
const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const offer = ask('GET /ws', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: k'])

/** Sends more than any buffer on the way holds, as fast as it is taken. */
const pour: OriginScript = async ({ socket }) => {
  socket.write(`${ok}Content-Length: 100000000\r\n\r\n`)
  const block = Buffer.alloc(65_536, 'x')
  while (!socket.destroyed) {
    if (!socket.write(block)) await once(socket, 'drain').catch(() => {})
  }
  return undefined
}

const leftIn = ({ proxy }: World): readonly number[] => {
  const { requestsInFlight, tunnelsInFlight } = proxy.proxy.status.process()
  const [upstream] = proxy.proxy.status.upstreams()
  return [requestsInFlight, tunnelsInFlight, upstream?.inFlight ?? -1, upstream?.pending ?? -1]
}

const inWorld = async (
  row: Omit<Row, 'id' | 'says' | 'holds'>,
  run: (world: World) => Promise<void>,
): Promise<void> => {
  const world = await openWorld({ id: '', says: '', ...row, holds: run })
  try {
    await run(world)
    const sum = (): number => leftIn(world).reduce((all, count) => all + count, 0)
    assert.equal(await settles(sum, 0), 0, `left behind: ${leftIn(world)}`)
  } finally {
    await world.close()
  }
}

/** A limit of this many milliseconds, noticed this late at most. */
const limitMs = 300
const slackMs = 100

describe('sides that break', () => {
  it('keeps nothing of 60 WebSockets that either side resets at any moment', async () => {
    const draw = createDraw(7)
    const resetSoon = (socket: Socket): void =>
      void setTimeout(() => socket.resetAndDestroy(), draw() * 12)
    const talks: OriginScript = ({ socket }) => {
      if (draw() < 0.4) resetSoon(socket)
      setTimeout(() => socket.write(`${accepted}${'x'.repeat(draw() * 100_000)}`), draw() * 6)
      socket.on('data', (bytes: Buffer) => socket.write(bytes))
    }
    await inWorld({ origin: talks }, async ({ talk, origin }) => {
      const before = openSockets()
      for (let round = 0; round < 6; round++) {
        const talks = Array.from({ length: 10 }, () => talk())
        for (const { say, socket } of talks) {
          say(`${offer}${'y'.repeat(draw() * 50_000)}`)
          resetSoon(socket)
        }
        await Promise.all(talks.map(({ closed }) => closed))
      }
      await origin.quiet()
      assert.equal(await settles(openSockets, before), before)
    })
  })

  it('survives a client that stalls, at 52 sizes of body, and serves the others', async () => {
    const sizes = Array.from({ length: 52 }, (_, at) => Math.round(1_000 * 1.19 ** at))
    const closing: OriginScript = ({ socket, line }) => {
      const size = Number(/\/(\d+)/.exec(line)?.[1] ?? 2)
      socket.write(`${ok}Content-Length: ${size}\r\nConnection: close\r\n\r\n`)
      socket.end(Buffer.alloc(size, 'x'))
    }
    await inWorld({ origin: closing, pool: { connections: 60 } }, async ({ talk, tell }) => {
      for (const size of sizes) {
        const { say, socket } = talk()
        socket.pause()
        say(ask(`GET /${size}`))
        assert.equal(statusOf(await tell(askOnce('GET /2'))), 200, `beside ${size}`)
        if (size % 2 === 0) socket.resetAndDestroy()
        else setTimeout(() => socket.destroy(), 200)
      }
    })
  }).timeout(60_000)

  it('answers 504 within its limit when the upstream hangs', async () => {
    const timeouts = { firstByteMs: limitMs }
    await inWorld({ origin: () => undefined, timeouts }, async ({ answer }) => {
      await answer()
      const tookMs = await timed(async () => assert.equal(statusOf(await answer()), 504))
      assert.ok(tookMs < limitMs + slackMs, `${tookMs} ms`)
    })
  })

  for (const [when, origin, request, begun] of [
    ['while it waits', () => undefined, ask('GET /'), null],
    ['mid-download', pour, ask('GET /'), /xxxx/],
    ['mid-upload', () => undefined, ask('POST /', ['Content-Length: 1000000'], 'begun'), null],
  ] as const satisfies readonly (readonly [string, OriginScript, string, RegExp | null])[]) {
    it(`hangs up on the upstream at once when the client is gone ${when}`, async () => {
      await inWorld({ origin }, async ({ talk, origin: heard }) => {
        const { say, until, socket } = talk()
        say(request)
        const { socket: theirs } = await heard.next()
        if (begun !== null) await until(begun)
        await pass(20)
        const tookMs = await timed(async () => {
          socket.resetAndDestroy()
          theirs.resume()
          await new Promise((closed) => theirs.once('close', closed))
        })
        assert.ok(tookMs < slackMs, `${tookMs} ms`)
      })
    })
  }
})
