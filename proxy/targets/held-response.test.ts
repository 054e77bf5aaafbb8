import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createTap } from './conformance/exchange.ts'
import { hold } from './conformance/held-pair.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

describe('held response', () => {
  it('refuses what Node refuses', () => {
    const { response } = hold()
    const refusals: readonly (readonly [string, () => unknown])[] = [
      ['ERR_INVALID_ARG_TYPE', () => response.write(7 as unknown as string)],
      ['ERR_HTTP_INVALID_STATUS_CODE', () => response.writeHead(1000)],
      ['ERR_INVALID_CHAR', () => response.setHeader('X-A', 'a\r\nX-B: b')],
      ['ERR_INVALID_CHAR', () => response.writeHead(200, 'split\r\n')],
      ['ERR_INVALID_CHAR', () => response.writeEarlyHints({ link: 'a\r\nX-B: b' })],
    ]
    for (const [code, call] of refusals) assert.throws(call, { code })
    response.statusMessage = 'OK'
    response.writeHead(200)
    assert.throws(() => response.writeHead(200), { code: 'ERR_HTTP_HEADERS_SENT' })
    assert.throws(() => response.setHeader('X-A', '1'), { code: 'ERR_HTTP_HEADERS_SENT' })
  })

  it('fails an answer that has more or fewer bytes than it declared', async () => {
    const wrong: Readonly<Record<string, Listener>> = {
      'whole, before the head': (_, res) => res.writeHead(200, { 'Content-Length': 5 }).end('four'),
      'too short': (_, res) => {
        res.writeHead(200, { 'Content-Length': 9 }).write('four')
        res.end()
      },
      'too long': (_, res) => {
        res.writeHead(200, { 'Content-Length': 1 }).write('four')
      },
    }
    for (const [name, listener] of Object.entries(wrong)) {
      const { request, response, answer } = hold()
      const tap = createTap()
      const outcome = answer.then(async ({ body }) => {
        body.flow(tap)
        await tap.over
        throw tap.failure
      })
      listener(request, response)
      await assert.rejects(outcome, { code: 'http_response_incomplete' }, name)
    }
  })

  it('is gone once its socket is destroyed, and tells whoever listens', async () => {
    const { request, response, answer } = hold()
    const heard: string[] = []
    request.on('aborted', () => heard.push('aborted'))
    request.on('error', ({ message }) => heard.push(message))
    response.on('finish', () => heard.push('finish'))
    const closed = Promise.all([
      once(response, 'close'),
      new Promise((done) => request.once('close', done)),
    ])
    request.socket.destroy()
    await assert.rejects(answer, { code: 'handler_failed' })
    await closed
    assert.deepEqual(heard, ['aborted', 'aborted'])
    assert.deepEqual(
      [response.destroyed, response.closed, response.headersSent],
      [true, true, false],
    )
    await assert.rejects(pipeline(Readable.from(['late']), response))
  })

  it('holds the callback of a write back until there is room for more', async () => {
    const { response, answer } = hold()
    const order: string[] = []
    const called = new Promise<void>((resolve) => {
      response.write(Buffer.alloc(100_000), () => {
        order.push('callback')
        resolve()
      })
    })
    response.on('drain', () => order.push('drain'))
    const tap = createTap()
    tap.ready = false
    const flow = (await answer).body.flow(tap)
    assert.deepEqual(order, [])
    flow.resume()
    await called
    assert.deepEqual(order, ['callback', 'drain'])
  })

  it('survives a listener of the handler that throws', async () => {
    const boom = new Error('boom')
    const thrown = new Promise((threw) => {
      const { response } = hold({}, threw)
      response.on('finish', () => {
        throw boom
      })
      response.end()
    })
    assert.equal(await thrown, boom)
  })
})
