import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { readdirSync } from 'node:fs'
import { setTimeout as pass } from 'node:timers/promises'
import { scaled } from '../lab/long-share.ts'
import type { OriginScript } from '../lab/origin.ts'
import { createDraw, openSockets, settles } from './counted.ts'
import { openWorld } from './row.ts'
import { ask, talkTo } from './talk.ts'

const draw = createDraw(11)

/** Says nothing, half, or far too much, a moment later. */
const script: OriginScript = async ({ socket }) => {
  await pass(draw() * 4)
  const kind = draw()
  if (kind < 0.3 || socket.destroyed) return undefined
  socket.write('HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n')
  return Buffer.alloc(kind < 0.6 ? 1_000 : 400_000, 'x')
}

const descriptors = (): number =>
  process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0

const requests = [
  ask('GET /'),
  ask('POST /', ['Content-Length: 100000'], 'begun'),
  ask('POST /', ['Transfer-Encoding: chunked'], '5\r\nbegun\r\n'),
  ask('GET /', ['Connection: Upgrade', 'Upgrade: websocket']),
]

describe('aborted requests', () => {
  it('leave nothing open, 10 000 of them', async () => {
    const world = await openWorld({ id: '', says: '', origin: script, holds: async () => {} })
    const { port } = world.proxy
    const abort = async (at: number): Promise<void> => {
      const { say, socket, closed } = talkTo(port)
      say(requests[at % requests.length] ?? '')
      await pass(draw() * 8)
      if (draw() < 0.5) socket.resetAndDestroy()
      else socket.destroy()
      await closed
    }
    const numbers = (count: number) => Array.from({ length: count }, (_, at) => at).values()
    const abortAll = async (count: number): Promise<void> => {
      const queue = numbers(count)
      const loop = async (): Promise<void> => {
        for (const at of queue) await abort(at)
      }
      await Promise.all(Array.from({ length: 32 }, loop))
    }
    await abortAll(500)
    await world.origin.quiet()
    const before = [await settles(openSockets, 0), descriptors()]
    await abortAll(scaled(10_000))
    await world.origin.quiet()
    const sockets = await settles(openSockets, before[0] ?? 0)
    assert.deepEqual([sockets, await settles(descriptors, before[1] ?? 0)], before)
    const { requestsInFlight, tunnelsInFlight } = world.proxy.proxy.status.process()
    assert.deepEqual([requestsInFlight, tunnelsInFlight], [0, 0])
    await world.close()
  }).timeout(300_000)
})
