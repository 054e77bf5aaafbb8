/** Kept connections that an origin closes just as they are used again. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { setTimeout as pass } from 'node:timers/promises'
import { type Heard, type OriginScript, reply } from '../lab/origin.ts'
import { openWorld, type World } from './row.ts'
import { ask, askOnce, statusOf, type Talk } from './talk.ts'

const keepAliveMs = 20

/** Closes a connection that has been idle for so long, as PHP's and Ruby's servers do. */
const createClosing = (): OriginScript => {
  const timers = new Map<Socket, NodeJS.Timeout>()
  return ({ socket }: Heard) => {
    clearTimeout(timers.get(socket))
    timers.set(
      socket,
      setTimeout(() => socket.destroy(), keepAliveMs),
    )
    return reply('200 OK')
  }
}

const countHeads = (text: string): number => text.match(/HTTP\/1\.1 \d{3} /g)?.length ?? 0

/** Asks over one connection, each time about when the origin closes its own. */
const askLate = async ({ say, text, until }: Talk, times: number, request: string) => {
  for (let time = 0; time < times; time++) {
    say(request)
    await until((seen) => countHeads(seen) > time)
    await pass(keepAliveMs - 2 + (time % 5))
  }
  return [...text().matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
}

/** 400 requests over eight connections. */
const askAll = async (world: World, request: string): Promise<number[]> => {
  const each = Array.from({ length: 8 }, () => askLate(world.talk(), 50, request))
  return (await Promise.all(each)).flat()
}

describe('kept connections that the origin closes', () => {
  const within = async (origin: OriginScript, run: (world: World) => Promise<void>) => {
    const world = await openWorld({ id: '', says: '', origin, holds: run })
    try {
      await run(world)
    } finally {
      await world.close()
    }
  }

  it('cost none of 400 GETs', async () => {
    await within(createClosing(), async (world) => {
      const statuses = await askAll(world, ask('GET /'))
      assert.deepEqual([statuses.length, statuses.filter((status) => status !== 200)], [400, []])
      assert.ok(world.origin.accepted() > 20, `${world.origin.accepted()} connections`)
    })
  }).timeout(30_000)

  it('never bring a POST to the origin twice', async () => {
    await within(createClosing(), async (world) => {
      const bodies: Promise<Buffer | null>[] = []
      const posts = Array.from({ length: 400 }, (_, at) => String(at).padStart(3, '0'))
      const queue = posts.values()
      const post = async (): Promise<void> => {
        for (const body of queue) {
          const status = statusOf(await world.tell(askOnce('POST /', ['Content-Length: 3'], body)))
          assert.ok(status === 200 || status === 502, String(status))
          await pass(keepAliveMs - 2 + (Number(body) % 5))
        }
      }
      await Promise.all(Array.from({ length: 8 }, post))
      for (const { body } of world.origin.requests) bodies.push(body)
      const heard = (await Promise.all(bodies)).map(String)
      assert.equal(new Set(heard).size, heard.length)
    })
  }).timeout(30_000)

  it('cost no GET where every reused one is reset', async () => {
    const used = new Set<number>()
    const resets: OriginScript = ({ socket, connection }) => {
      if (!used.has(connection)) {
        used.add(connection)
        return reply('200 OK')
      }
      socket.resetAndDestroy()
      return undefined
    }
    await within(resets, async (world) => {
      const statuses: number[] = []
      for (let time = 0; time < 200; time++)
        statuses.push(statusOf(await world.tell(askOnce('GET /'))))
      assert.deepEqual(
        statuses.filter((status) => status !== 200),
        [],
      )
    })
  }).timeout(30_000)
})
