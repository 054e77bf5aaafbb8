import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createOutlook, createTap, inbound } from './conformance/exchange.ts'
import { HeldRequest } from './held-request.ts'
import { HeldResponse } from './held-response.ts'
import { HeldSocket } from './held-socket.ts'
import type { Failure, InboundRequest, TargetResponse } from './send.ts'

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown

interface Seen {
  readonly status: number
  readonly reason: string
  readonly headers: readonly string[]
  readonly body: string
  readonly trailers: readonly string[]
}

/** What belongs to the connection, or is Node's own invention. */
const framing = /^(date|connection|keep-alive|transfer-encoding|content-length)$/i

const shown = (lines: readonly string[]): string[] =>
  lines.filter((_, at) => !framing.test(lines[at & ~1] ?? ''))

const onNode = async (listener: Listener, method: string): Promise<Seen> => {
  const server = http.createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const request = http.request({ port, method, agent: false, headers: { TE: 'trailers' } }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    let body = ''
    for await (const chunk of response.setEncoding('latin1')) body += chunk
    return {
      status: response.statusCode ?? 0,
      reason: response.statusMessage ?? '',
      headers: shown(response.rawHeaders),
      body,
      trailers: response.rawTrailers,
    }
  } finally {
    server.close()
  }
}

interface Held {
  readonly request: HeldRequest
  readonly response: HeldResponse
  readonly answer: Promise<TargetResponse>
}

const hold = (
  about: Partial<InboundRequest> = {},
  threw: (error: unknown) => void = () => {},
): Held => {
  const asked = inbound(about)
  const socket = new HeldSocket(asked.peer, () => response.destroy())
  const request = new HeldRequest(asked, socket, (why) => response.halt(why))
  let settle: (answer: TargetResponse) => void = () => {}
  let refuse: (why: Failure) => void = () => {}
  const answer = new Promise<TargetResponse>((resolve, reject) => {
    settle = resolve
    refuse = reject
  })
  const { early } = createOutlook()
  const response: HeldResponse = new HeldResponse(request, {
    ...{ answer: settle, fail: refuse, over() {}, early, threw },
  })
  return { request, response, answer }
}

const onHeld = async (listener: Listener, method: string): Promise<Seen> => {
  const { request, response, answer } = hold({ method })
  listener(request, response)
  const { status, reason, headers, body } = await answer
  const tap = createTap()
  body.flow(tap)
  await tap.over
  const text = Buffer.concat(tap.chunks).toString('latin1')
  return { status, reason, headers: shown(headers), body: text, trailers: tap.trailers ?? [] }
}

const listeners: Readonly<Record<string, Listener>> = {
  'writeHead with an object': (_, res) =>
    res.writeHead(201, { 'X-A': '1', 'x-b': ['2', '3'] }).end('a'),
  'writeHead with a reason': (_, res) => res.writeHead(299, 'Odd', { 'X-A': 7 }).end('a'),
  'writeHead with a flat array': (_, res) => res.writeHead(200, ['X-A', '1', 'X-B', '2']).end('a'),
  'writeHead over headers that were set': (_, res) => {
    res.setHeader('X-A', 'old')
    res.setHeader('X-Kept', 'yes')
    res.writeHead(200, { 'x-a': 'new' }).end('a')
  },
  'cookies set and appended': (_, res) => {
    res.setHeader('Set-Cookie', ['a=1', 'b=2'])
    res.appendHeader('set-cookie', 'c=3')
    res.end()
  },
  'a header that was removed': (_, res) => {
    res.setHeader('X-A', '1')
    res.removeHeader('x-a')
    res.end('a')
  },
  'headers of a Map': (_, res) => res.setHeaders(new Map([['X-M', 'map']])).end('a'),
  encodings: (_, res) => {
    res.write('c3a9', 'hex')
    res.write('\u00e9', 'latin1')
    res.end('w6k=', 'base64')
  },
  'a status and a reason of its own': (_, res) => {
    res.statusCode = 418
    res.statusMessage = 'Short and stout'
    res.end()
  },
  'a pipe': (_, res) => Readable.from(['x', 'y', 'z']).pipe(res),
  'a pipeline': (_, res) => pipeline(Readable.from(['x', 'y']), res),
  trailers: (req, res) => {
    if (req.method === 'HEAD') return res.end()
    res.writeHead(200, { Trailer: 'X-Sum, X-More' })
    res.write('a')
    res.addTrailers({ 'X-Sum': '1', 'X-More': 'b: c' })
    return res.end()
  },
  'a body where none may be': (_, res) => {
    res.statusCode = 204
    res.write('a')
    res.end('b')
  },
  'a cork': (_, res) => {
    res.cork()
    res.write('a')
    res.uncork()
    res.end('b')
  },
}

describe('held response', () => {
  for (const [name, listener] of Object.entries(listeners)) {
    it(`answers like Node's own: ${name}`, async () => {
      for (const method of ['GET', 'HEAD']) {
        assert.deepEqual(await onHeld(listener, method), await onNode(listener, method), method)
      }
    })
  }

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
