/** How every `Send` carries what the client sends. */
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { wholeBody } from '../body.ts'
import { failure } from '../failure.ts'
import { type Behaviour, refused } from './behaviour.ts'
import { createOutlook, createPump, drink, inbound, standsStill } from './exchange.ts'

const block = Buffer.alloc(65_536, 'u')

export const uploads: readonly Behaviour[] = [
  {
    title: 'passes method, target and header lines on as received',
    async holds(lab) {
      const { body } = await lab.send(
        async (play) => {
          play.head(200)
          const named = play.headers.filter((_, at) =>
            /^x-twice$/i.test(play.headers[at & ~1] ?? ''),
          )
          await play.write(Buffer.from(JSON.stringify([play.method, play.url, named])))
          play.end()
        },
        {
          method: 'DELETE',
          url: '/a%2Fb//c?q=1&q=%20',
          headers: ['Host', 'things.example', 'X-Twice', '1', 'x-TWICE', '2'],
        },
      )
      assert.deepEqual(JSON.parse(String(await drink(body))), [
        'DELETE',
        '/a%2Fb//c?q=1&q=%20',
        ['X-Twice', '1', 'x-TWICE', '2'],
      ])
    },
  },
  {
    title: 'sends a body that is all here, and leaves it fit to be sent again',
    async holds(lab) {
      const body = wholeBody(Buffer.from('hello'))
      const send = await lab.make(async (play) => {
        play.head(200)
        for await (const chunk of play.upload) await play.write(chunk)
        play.end()
      })
      for (let time = 0; time < 2; time++) {
        const request = { method: 'POST', body, headers: ['Host', 'a', 'Content-Length', '5'] }
        const answer = await send(inbound(request), createOutlook())
        assert.equal(String(await drink(answer.body)), 'hello')
      }
    },
  },
  ...[true, false].map(
    (declared): Behaviour => ({
      title: `streams an upload ${declared ? 'of known' : 'of unknown'} length`,
      async holds(lab) {
        const framing = declared ? ['Content-Length', '1048576'] : ['Transfer-Encoding', 'chunked']
        const { body } = await lab.send(
          async (play) => {
            let size = 0
            for await (const chunk of play.upload) size += chunk.length
            play.head(200)
            await play.write(Buffer.from(String(size)))
            play.end()
          },
          {
            method: 'POST',
            body: createPump(block, 16, declared).body,
            headers: ['Host', 'a', ...framing],
          },
        )
        assert.equal(String(await drink(body)), '1048576')
      },
    }),
  ),
  {
    title: 'streams both ways at once',
    async holds(lab) {
      const { body } = await lab.send(
        async (play) => {
          play.head(200)
          for await (const chunk of play.upload) await play.write(chunk)
          play.end()
        },
        {
          method: 'POST',
          body: createPump(block, 64, false).body,
          headers: ['Host', 'a', 'Transfer-Encoding', 'chunked'],
        },
      )
      assert.equal((await drink(body)).length, 64 * block.length)
    },
  },
  {
    title: 'pauses an upload that the target does not take, and goes on when it does',
    async holds(lab) {
      const pump = createPump(block, 512)
      let read: () => void = () => {}
      const gate = new Promise<void>((resolve) => {
        read = resolve
      })
      const answer = lab.send(
        async (play) => {
          await gate
          let size = 0
          for await (const chunk of play.upload) size += chunk.length
          play.head(200)
          await play.write(Buffer.from(String(size)))
          play.end()
        },
        {
          method: 'POST',
          body: pump.body,
          headers: ['Host', 'a', 'Content-Length', String(512 * block.length)],
        },
      )
      await standsStill(pump.sent)
      assert.ok(pump.sent() < 512, 'an upload that nobody takes must pause')
      read()
      assert.equal(String(await drink((await answer).body)), String(512 * block.length))
    },
  },
  {
    title: 'settles with an answer that comes before the upload is over',
    async holds(lab) {
      const pump = createPump(block, 512)
      const { status, body } = await lab.send(
        async (play) => {
          play.head(413, ['Connection', 'close'])
          await play.write(Buffer.from('too large'))
          play.end()
        },
        {
          method: 'POST',
          body: pump.body,
          headers: ['Host', 'a', 'Content-Length', String(512 * block.length)],
        },
      )
      assert.equal(status, 413)
      assert.equal(String(await drink(body)), 'too large')
    },
  },
  {
    title: 'leaves an upload unopened that the target does not read',
    needs: 'lazyUpload',
    async holds(lab) {
      const pump = createPump(block, 4)
      const { body } = await lab.send(
        (play) => {
          play.head(200)
          play.end()
        },
        { method: 'POST', body: pump.body, headers: ['Host', 'a', 'Content-Length', '262144'] },
      )
      await drink(body)
      assert.equal(pump.body.opened, false)
    },
  },
  {
    title: 'gives up when the upload breaks off, with the failure that broke it',
    async holds(lab) {
      const pump = createPump(block, 1_000_000)
      const why = failure('client_gone', 'client', 'unknown')
      const attempt = lab.send(
        async (play) => {
          let broken = false
          for await (const _ of play.upload) {
            if (!broken) pump.fail(why)
            broken = true
          }
        },
        {
          method: 'POST',
          body: pump.body,
          headers: ['Host', 'a', 'Transfer-Encoding', 'chunked'],
        },
      )
      assert.equal((await refused(attempt)).code, 'client_gone')
    },
  },
]
