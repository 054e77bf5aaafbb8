import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ProxyLab, startProxy } from '../proxy-lab.ts'
import { plainRoute } from '../routing/plain-route.ts'
import { plainListen, plainUpstream } from './plain-config.ts'
import { writeSelfSigned } from './self-signed.ts'

interface Got {
  readonly headers: Readonly<Record<string, unknown>>
  readonly trailers: Readonly<Record<string, unknown>> | null
  readonly early: readonly unknown[]
  readonly text: string
  readonly code: number
}

const ask = async (
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string | null = null,
): Promise<Got> => {
  const stream = session.request(headers, { endStream: body === null })
  const early: unknown[] = []
  let trailers: Got['trailers'] = null
  let head: Got['headers'] = {}
  let text = ''
  stream.setEncoding('latin1')
  stream.on('headers', (interim) => early.push(interim[':status']))
  stream.on('trailers', (lines) => {
    trailers = { ...lines }
  })
  stream.on('response', (lines) => {
    head = { ...lines }
  })
  stream.on('data', (chunk: string) => {
    text += chunk
  })
  stream.on('error', () => {})
  if (body !== null) stream.end(body)
  await new Promise((resolve) => stream.once('close', resolve))
  return { headers: head, trailers, early, text, code: stream.rstCode }
}

const answers: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
  '/held': () => true,
  '/slow': (response) => setTimeout(() => response.end('slow'), 100),
  '/none': (response) => response.writeHead(204).end(),
  '/trailers'(response) {
    response.writeHead(200, { Trailer: 'X-Sum' })
    response.write('body')
    response.addTrailers({ 'X-Sum': '4' })
    return response.end()
  },
  '/broken'(response) {
    response.writeHead(200, { 'Content-Length': '10' })
    return response.write('half', () => setTimeout(() => response.destroy(), 20))
  },
  '/early'(response) {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' })
    return response.end('ok')
  },
}

const answerAll = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  response.writeHead(200, [
    ...['X-Content-Type-Options', 'nosniff', 'X-Content-Type-Options', 'nosniff'],
    ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Odd', 'caf\u00e9', 'Connection', 'close'],
  ])
  response.end(chunks.length > 0 ? Buffer.concat(chunks) : 'a'.repeat(300_000))
}

describe('HTTP/2', () => {
  const { cert, key, pem } = writeSelfSigned()
  let origin: Server
  let lab: ProxyLab
  let session: ClientHttp2Session
  let asked: string[][]
  let aborted: Promise<unknown>
  before(async () => {
    origin = createServer((request, response) => {
      asked.push([`${request.method} ${request.url}`, ...request.rawHeaders])
      aborted = once(response, 'close')
      answers[request.url ?? '']?.(response) ?? answerAll(request, response)
    })
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const { port } = origin.address() as AddressInfo
    lab = await startProxy({
      upstreams: { php: plainUpstream([`http://127.0.0.1:${port}`]) },
      routes: [plainRoute('rest', { modern: null })],
      listen: plainListen({ tls: { cert, key }, trustedProxies: ['127.0.0.1'] }),
    })
  })
  after(async () => {
    await lab.close()
    origin.closeAllConnections()
    origin.close()
  })
  beforeEach(() => {
    asked = []
    session = connect(lab.url, { ca: pem })
    session.on('error', () => {})
  })
  afterEach(() => session.destroy())

  it('forwards a request as HTTP/1.1, its authority as Host, its cookies as one line', async () => {
    await ask(session, {
      ':path': '//a?b=%2f',
      ':authority': 'shop.example',
      cookie: ['a=1', 'b=2'],
      'x-odd': 'caf\u00e9',
    })
    const [line = '', ...headers] = asked[0] ?? []
    equal(line, 'GET //a?b=%2f')
    equal(headers[headers.indexOf('Host') + 1], 'shop.example')
    equal(headers[headers.indexOf('cookie') + 1], 'a=1; b=2')
    equal(headers[headers.indexOf('x-odd') + 1], 'caf\u00e9')
    equal(headers[headers.indexOf('X-Forwarded-Proto') + 1], 'https')
  })

  it('answers with every line that HTTP/2 may carry, and the whole body', async () => {
    const { headers, text, code } = await ask(session, { ':path': '/' })
    equal(headers[':status'], 200)
    deepEqual(headers['set-cookie'], ['a=1', 'b=2'])
    equal(headers['x-content-type-options'], 'nosniff, nosniff')
    equal(headers['x-odd'], 'caf\u00e9')
    equal(headers.connection, undefined)
    equal(text.length, 300_000)
    equal(code, constants.NGHTTP2_NO_ERROR)
  })

  it('carries uploads of announced and of unknown length', async () => {
    const body = 'b'.repeat(200_000)
    const post = { ':method': 'POST', ':path': '/' }
    equal((await ask(session, post, body)).text, body)
    equal((await ask(session, { ...post, 'content-length': body.length }, body)).text, body)
    const small = await ask(session, { ...post, 'content-length': 3 }, 'abc')
    deepEqual([small.text, small.code], ['abc', 0], JSON.stringify([small, lab.heard.slice(-2)]))
  })

  it('carries trailers, early hints, and answers that have no body', async () => {
    deepEqual((await ask(session, { ':path': '/trailers' })).trailers?.['x-sum'], '4')
    deepEqual((await ask(session, { ':path': '/early' })).early, [103])
    equal((await ask(session, { ':path': '/none' })).headers[':status'], 204)
    const head = await ask(session, { ':method': 'HEAD', ':path': '/' })
    deepEqual([head.headers[':status'], head.text], [200, ''])
  })

  it('resets a stream whose answer broke off', async () => {
    const { code, text } = await ask(session, { ':path': '/broken' })
    deepEqual([code, text], [constants.NGHTTP2_INTERNAL_ERROR, 'half'])
  })

  it('ends the request at its target when the client resets its stream', async () => {
    const stream = session.request({ ':path': '/held' })
    stream.on('error', () => {})
    while (asked.length === 0) await new Promise(setImmediate)
    stream.close(constants.NGHTTP2_CANCEL)
    await aborted
  })

  it('refuses what two readers could understand differently', async () => {
    const other = await ask(session, { ':path': '/', ':authority': 'a', host: 'b' })
    equal(other.headers[':status'], 400)
    const trace = await ask(session, { ':method': 'TRACE', ':path': '/' })
    equal(trace.headers[':status'], 405)
    deepEqual(asked, [])
  })

  it('tells a trusted client of its route as ever', async () => {
    const { headers } = await ask(session, { ':path': '/', 'x-banyan-explain': '1' })
    equal(headers['x-banyan-route'], 'rest')
  })

  it('speaks HTTP/1.1 with whoever does not ask for HTTP/2', async () => {
    const socket = connectTls({ port: lab.port, host: '127.0.0.1', ca: pem })
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    match(chunk.toString('latin1'), /^HTTP\/1.1 200 /)
    socket.destroy()
  })

  it('ends the session of a client that opens and resets streams as fast as it can', async () => {
    // Its `close` may never come: it waits for streams that nobody will answer.
    while (!session.destroyed) {
      const stream = session.request({ ':path': '/held' })
      stream.on('error', () => {})
      await new Promise(setImmediate)
      stream.close(constants.NGHTTP2_CANCEL)
    }
    const other = connect(lab.url, { ca: pem })
    equal((await ask(other, { ':path': '/' })).headers[':status'], 200)
    other.destroy()
    const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    ok(/limit_hits_total\{limit="streamResets"\} [1-9]/.test(page))
  })

  it('finishes what it has begun when a drain begins, and then ends the session', async () => {
    const begun = ask(session, { ':path': '/slow' })
    while (asked.length === 0) await new Promise(setImmediate)
    const drained = lab.proxy.drain()
    equal((await begun).text, 'slow')
    await drained
    while (!session.destroyed) await new Promise(setImmediate)
  })
})
