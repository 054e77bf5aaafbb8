import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createTap } from './conformance/exchange.ts'
import { hold } from './conformance/held-pair.ts'

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

describe('held response beside the one of Node', () => {
  for (const [name, listener] of Object.entries(listeners)) {
    it(`answers like Node's own: ${name}`, async () => {
      for (const method of ['GET', 'HEAD']) {
        assert.deepEqual(await onHeld(listener, method), await onNode(listener, method), method)
      }
    })
  }
})
