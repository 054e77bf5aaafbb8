import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { once } from 'node:events'
import type { Feed } from '../targets/body.ts'
import { createFeed, wholeBody } from '../targets/body.ts'
import { failure } from '../targets/failure.ts'
import type { InboundRequest, Outlook, Send, TargetResponse } from '../targets/send.ts'
import { deferred, type EdgeLab, readAll, startEdge } from './edge-lab.ts'

const still = { pause: () => {}, resume: () => {}, cancel: () => {} }
const answer = (changes: Partial<TargetResponse>): TargetResponse => ({
  from: 'legacy',
  status: 200,
  reason: 'OK',
  headers: [],
  body: wholeBody(new Uint8Array(0)),
  failure: null,
  instead: null,
  ...changes,
})
const get = (path = '/', ...lines: string[]): string =>
  `${[`GET ${path} HTTP/1.1`, 'Host: a', ...lines].join('\r\n')}\r\n\r\n`

describe('respond', () => {
  let lab: EdgeLab
  let play: (request: InboundRequest, outlook: Outlook) => TargetResponse | Promise<TargetResponse>
  const send: Send = async (request, outlook) => play(request, outlook)
  beforeEach(async () => {
    lab = await startEdge({ send })
  })
  afterEach(() => lab.close())
  const feedOf = (length: number | null): { feed: Feed; cancelled: Promise<void> } => {
    const { promise, resolve } = deferred<void>()
    return { feed: createFeed(length, { ...still, cancel: resolve }), cancelled: promise }
  }

  it('writes the lines of an answer as they are, and adds none', async () => {
    const headers = ['x-A', '1', 'X-a', '2', 'Set-Cookie', 'a=\u00e9', 'Content-Length', '2']
    play = () => answer({ reason: 'Fine', headers, body: wholeBody(Buffer.from('ok')) })
    const socket = lab.connect()
    socket.write(get())
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    const expected = [
      'HTTP/1.1 200 Fine',
      'x-A: 1',
      'X-a: 2',
      'Set-Cookie: a=\u00e9',
      'Content-Length: 2',
      '',
      'ok',
    ]
    equal(chunk.toString('latin1'), expected.join('\r\n'))
    socket.destroy()
  })

  it('sends the head at once when the body takes its time', async () => {
    const { feed } = feedOf(null)
    play = () => answer({ headers: ['Content-Type', 'text/event-stream'], body: feed.body })
    const socket = lab.connect()
    socket.write(get())
    const [head] = (await once(socket, 'data')) as [Buffer]
    match(head.toString(), /text\/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n$/)
    feed.write(Buffer.from('data: 1\n\n'))
    const [first] = (await once(socket, 'data')) as [Buffer]
    equal(first.toString(), '9\r\ndata: 1\n\n\r\n')
    feed.end(['X-Sum', '1'])
    const [last] = (await once(socket, 'data')) as [Buffer]
    equal(last.toString(), '0\r\nX-Sum: 1\r\n\r\n')
    socket.destroy()
  })

  it('passes interim answers on, but not to HTTP/1.0', async () => {
    play = (_request, { early }) => {
      early(103, ['Link', '</a>'])
      early(100, [])
      early(103, ['Bad\nName', 'x'])
      return answer({ headers: ['Content-Length', '0'] })
    }
    const modern = await lab.raw(get('/', 'Connection: close'))
    match(modern, /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a>\r\n\r\nHTTP\/1.1 200 OK\r\n/)
    match(await lab.raw('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 200 OK\r\n/)
  })

  it('ends a body of unknown length to HTTP/1.0 by closing', async () => {
    const { feed } = feedOf(null)
    play = () => answer({ body: feed.body })
    const all = lab.raw('GET / HTTP/1.0\r\n\r\n')
    feed.write(Buffer.from('abc'))
    feed.end([])
    equal(await all, 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc')
  })

  it('gives HEAD, 204 and 304 no body and no framing of its own', async () => {
    play = ({ path }) =>
      path === '/head'
        ? answer({ headers: ['Content-Length', '5'] })
        : answer({ status: Number(path.slice(1)), reason: '' })
    const requests = ['HEAD /head', 'GET /204', 'GET /304'].map((line) =>
      lab.raw(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
    )
    deepEqual(await Promise.all(requests), [
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 204 \r\nConnection: close\r\n\r\n',
      'HTTP/1.1 304 \r\nConnection: close\r\n\r\n',
    ])
  })

  it('makes a head that is no HTTP a 502, and the attempt is told of', async () => {
    play = () => answer({ headers: ['X-Bad', 'a\r\nb'], body: wholeBody(Buffer.from('secret')) })
    const seen = lab.nextSeen()
    const text = await lab.raw(get('/', 'Connection: close'))
    match(text, /^HTTP\/1.1 502 Bad Gateway\r\n/)
    ok(!text.includes('secret'))
    const { failure: why, from } = await seen
    deepEqual([why?.code, why?.party, from], ['http_protocol_error', 'legacy', 'banyan'])
  })

  it('announces trailers only to clients that get chunks', async () => {
    const headers = ['Trailer', 'X-Sum', 'X-A', '1']
    play = () => answer({ headers, body: wholeBody(Buffer.from('ab'), ['X-Sum', '3']) })
    equal(
      await lab.raw(get('/', 'Connection: close')),
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nX-A: 1\r\nConnection: close\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX-Sum: 3\r\n\r\n',
    )
    equal(
      await lab.raw('GET / HTTP/1.0\r\n\r\n'),
      'HTTP/1.1 200 OK\r\nX-A: 1\r\nConnection: close\r\n\r\nab',
    )
  })

  const truncations: readonly (readonly [string, string, string[], RegExp])[] = [
    ['with a length', '1.1', ['Content-Length', '9'], /\r\n\r\nabc$|<reset>$/],
    ['in chunks', '1.1', [], /\r\n3\r\nabc\r\n$|<reset>$/],
    ['to HTTP/1.0', '1.0', [], /<reset>$/],
  ]
  for (const [title, version, headers, expected] of truncations) {
    it(`never ends a body ${title} that broke off as if it were whole`, async () => {
      const { feed } = feedOf(null)
      play = () => answer({ headers, body: feed.body })
      const socket = lab.connect()
      const all = readAll(socket)
      const seen = lab.nextSeen()
      socket.write(`GET / HTTP/${version}\r\nHost: a\r\n\r\n`)
      feed.write(Buffer.from('abc'))
      await once(socket, 'data')
      feed.fail(failure('http_response_incomplete', 'legacy', 'unknown'))
      match(await all, expected)
      const { failure: why, body } = await seen
      deepEqual([why?.code, body.complete, body.length], ['http_response_incomplete', false, 3])
    })
  }

  it('cuts an answer that is longer than its head promised', async () => {
    const { feed } = feedOf(2)
    play = () => answer({ headers: ['Content-Length', '2'], body: feed.body })
    const seen = lab.nextSeen()
    const all = lab.raw(get())
    feed.write(Buffer.from('abc'))
    ok(!(await all).includes('abc'))
    equal((await seen).failure?.code, 'http_response_incomplete')
  })

  it('tells the sender that the client has gone, before and after the head', async () => {
    const early = deferred<string>()
    play = (_request, { onAbort }) => new Promise(() => onAbort((why) => early.resolve(why.code)))
    const waiting = lab.connect()
    waiting.write(get())
    await once(waiting, 'ready')
    while (lab.received.length === 0) await new Promise(setImmediate)
    waiting.destroy()
    equal(await early.promise, 'client_gone')

    const { feed, cancelled } = feedOf(null)
    play = () => answer({ body: feed.body })
    const reading = lab.connect()
    reading.write(get())
    await once(reading, 'data')
    const seen = lab.nextSeen()
    reading.destroy()
    await cancelled
    const { failure: why, status, body } = await seen
    deepEqual([why?.code, status, body.complete], ['client_gone', 200, false])
  })

  it('tells the sender even while the answer waits behind another one', async () => {
    const told = deferred<string>()
    play = async ({ path, body }, { onAbort }) => {
      body?.flow({ write: () => true, end: () => {}, fail: () => {} })
      if (path === '/second') onAbort((why) => told.resolve(why.code))
      return new Promise(() => {})
    }
    const socket = lab.connect()
    const upload = 'POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc'
    socket.write(get('/first') + upload)
    while (lab.received.length < 2) await new Promise(setImmediate)
    socket.destroy()
    equal(await told.promise, 'client_gone')
  })

  it('pauses the body for a client that does not read, and resumes it', async () => {
    const paused = deferred<void>()
    const resumed = deferred<void>()
    const feed = createFeed(null, { ...still, pause: paused.resolve, resume: resumed.resolve })
    play = () => answer({ body: feed.body })
    const socket = lab.connect()
    socket.write(get())
    await once(socket, 'data')
    socket.pause()
    const chunk = Buffer.alloc(1024 * 1024)
    while (feed.write(chunk)) await new Promise(setImmediate)
    await paused.promise
    socket.resume()
    await resumed.promise
    socket.destroy()
  })

  it('answers pipelined requests in their order', async () => {
    const first = deferred<void>()
    play = async ({ path }) => {
      if (path === '/1') await first.promise
      else first.resolve()
      return answer({ body: wholeBody(Buffer.from(path)) })
    }
    const text = await lab.raw(get('/1') + get('/2', 'Connection: close'))
    deepEqual(text.match(/\n\/\d/g), ['\n/1', '\n/2'])
  })

  it('says close while draining', async () => {
    play = () => answer({ headers: ['Content-Length', '0'] })
    lab.drain()
    equal(await lab.raw(get()), 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  })
})
