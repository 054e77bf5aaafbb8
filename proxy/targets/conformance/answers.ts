/** How every `Send` answers: heads, headers, bodies, interim answers, trailers. */
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import type { RawHeaders } from '../send.ts'
import type { Behaviour } from './behaviour.ts'
import { createOutlook, createTap, drink, inbound, standsStill } from './exchange.ts'

const block = Buffer.alloc(65_536, 'x')

/** The lines whose names start with `x-`: everything else is the business of the framing. */
const own = (headers: RawHeaders): string[] => {
  const found: string[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = headers[at] ?? ''
    if (name.toLowerCase().startsWith('x-')) found.push(name, headers[at + 1] ?? '')
  }
  return found
}

const value = (headers: RawHeaders, name: string): string | undefined =>
  headers[headers.findIndex((line, at) => at % 2 === 0 && line.toLowerCase() === name) + 1]

export const answers: readonly Behaviour[] = [
  {
    title: 'settles at the head, while the body is still to come',
    async holds(lab) {
      let go: () => void = () => {}
      const gate = new Promise<void>((resolve) => {
        go = resolve
      })
      const answer = await lab.send(async (play) => {
        play.head(201)
        await gate
        await play.write(Buffer.from('late'))
        play.end()
      })
      const { from, status, failure, instead } = answer
      assert.deepEqual(
        { from, status, failure, instead },
        { from: lab.from, status: 201, failure: null, instead: null },
      )
      go()
      assert.equal(String(await drink(answer.body)), 'late')
    },
  },
  {
    title: 'streams: a chunk arrives while the next one does not exist yet',
    async holds(lab) {
      const tap = createTap()
      const answer = await lab.send(async (play) => {
        play.head(200)
        await play.write(Buffer.from('first '))
        await tap.begun
        await play.write(Buffer.from('second'))
        play.end()
      })
      answer.body.flow(tap)
      await tap.over
      assert.equal(String(Buffer.concat(tap.chunks)), 'first second')
    },
  },
  {
    title: 'keeps the case, the order of one name and the duplicates of header lines',
    async holds(lab) {
      const lines = ['X-One', 'a', 'X-One', 'b', 'x-lower', 'c', 'X-MiXed', 'caf\u00e9']
      const answer = await lab.send((play) => {
        play.head(200, lines)
        play.end()
      })
      assert.deepEqual(own(answer.headers), lines)
    },
  },
  {
    title: 'tells the length of a body that declares it, and null of one that does not',
    async holds(lab) {
      for (const [lines, length] of [
        [['Content-Length', '4'], 4],
        [[], null],
      ] as const) {
        let go: () => void = () => {}
        const gate = new Promise<void>((resolve) => {
          go = resolve
        })
        const { body } = await lab.send(async (play) => {
          play.head(200, lines)
          await gate
          await play.write(Buffer.from('four'))
          play.end()
        })
        assert.equal(body.length, length)
        go()
        assert.equal(String(await drink(body)), 'four')
      }
    },
  },
  {
    title: 'holds an answer that is complete at once as whole, and lets it flow again',
    needs: 'whole',
    async holds(lab) {
      const { body } = await lab.send((play) => {
        play.head(200)
        void play.write(Buffer.from('{"a":1}'))
        play.end()
      })
      assert.equal(String(body.whole), '{"a":1}')
      for (let time = 0; time < 2; time++) assert.equal(String(await drink(body)), '{"a":1}')
    },
  },
  {
    title: 'refuses a second flow of a body that is not whole',
    async holds(lab) {
      const { body } = await lab.send(async (play) => {
        play.head(200)
        await play.write(block)
        await play.over
      })
      const flow = body.flow(createTap())
      assert.equal(body.opened, true)
      assert.throws(() => body.flow(createTap()), TypeError)
      flow.cancel()
    },
  },
  ...(['HEAD', 'GET'] as const).map((method): Behaviour => {
    const status = method === 'HEAD' ? 200 : 304
    return {
      title: `answers ${method} with ${status} with a head and no body`,
      async holds(lab) {
        const { headers, body } = await lab.send(
          (play) => {
            play.head(status, ['Content-Length', '7', 'X-Kept', 'yes'])
            play.end()
          },
          { method },
        )
        assert.equal(value(headers, 'content-length'), '7')
        assert.deepEqual(own(headers), ['X-Kept', 'yes'])
        assert.equal((await drink(body)).length, 0)
      },
    }
  }),
  {
    title: 'ends an empty body',
    async holds(lab) {
      for (const [status, lines] of [
        [200, ['Content-Length', '0']],
        [200, []],
        [204, []],
      ] as const) {
        const { body } = await lab.send((play) => {
          play.head(status, lines)
          play.end()
        })
        assert.equal((await drink(body)).length, 0)
      }
    },
  },
  {
    title: 'carries a big body without losing a byte',
    async holds(lab) {
      const { body } = await lab.send(async (play) => {
        play.head(200)
        for (let n = 0; n < 128; n++) await play.write(Buffer.alloc(65_536, n))
        play.end()
      })
      const bytes = await drink(body)
      assert.equal(bytes.length, 128 * 65_536)
      for (let n = 0; n < 128; n++) assert.equal(bytes[n * 65_536 + 65_535], n)
    },
  },
  {
    title: 'passes trailers on at the end',
    async holds(lab) {
      const { body } = await lab.send(async (play) => {
        play.head(200, ['Trailer', 'X-Sum'])
        await play.write(Buffer.from('data'))
        play.end(['X-Sum', '42'])
      })
      const tap = createTap()
      body.flow(tap)
      await tap.over
      assert.deepEqual(tap.trailers, ['X-Sum', '42'])
    },
  },
  {
    title: 'tells the outlook of interim answers before the head',
    async holds(lab) {
      const outlook = createOutlook()
      const answer = await lab.send(
        (play) => {
          play.early(103, ['link', '</a.css>; rel=preload'])
          play.head(200)
          play.end()
        },
        {},
        outlook,
      )
      assert.equal(answer.status, 200)
      const [status, lines] = outlook.interim[0] ?? [0, []]
      assert.equal(status, 103)
      assert.equal(value(lines, 'link'), '</a.css>; rel=preload')
    },
  },
  {
    title: 'pauses a producer whose body nobody takes, and goes on when asked',
    async holds(lab) {
      const total = 512
      let produced = 0
      const answer = await lab.send(async (play) => {
        play.head(200)
        while (produced < total && (await play.write(block))) produced++
        play.end()
      })
      await standsStill(() => produced)
      assert.ok(produced < total, 'the unread body must pause its producer')
      const tap = createTap()
      tap.ready = false
      const flow = answer.body.flow(tap)
      await tap.begun
      await standsStill(() => produced)
      assert.ok(produced < total, 'a sink that is full must pause the producer')
      tap.ready = true
      flow.resume()
      await tap.over
      assert.equal(tap.size(), total * block.length)
    },
  },
  {
    title: 'keeps exchanges apart that run at once',
    async holds(lab) {
      const send = await lab.make(async (play) => {
        play.head(200)
        for await (const chunk of play.upload) await play.write(chunk)
        await play.write(Buffer.from(play.url))
        play.end()
      })
      const urls = Array.from({ length: 20 }, (_, n) => `/things/${n}`)
      const texts = await Promise.all(
        urls.map(async (url) => {
          const { body } = await send(inbound({ url, path: url }), createOutlook())
          return String(await drink(body))
        }),
      )
      assert.deepEqual(texts, urls)
    },
  },
]
