import { deepEqual, equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { wholeBody } from '../targets/body.ts'
import type { Body, Send, TargetResponse } from '../targets/send.ts'
import { deferred, type EdgeLab, readAll, startEdge } from './edge-lab.ts'

const answerOf = (text: string, status = 200): TargetResponse => ({
  from: 'legacy',
  status,
  reason: '',
  headers: ['Content-Length', String(text.length)],
  body: wholeBody(Buffer.from(text)),
  failure: null,
  instead: null,
})

/** All of an upload as text, its trailers behind it, or the code of what broke it. */
const read = (body: Body): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    body.flow({
      write(chunk) {
        text += Buffer.from(chunk).toString()
        return true
      },
      end: (trailers) => resolve([text, ...trailers].join('|')),
      fail: (why) => resolve(`${text}|${why.code}`),
    })
  })

const post = (...lines: string[]): string =>
  `${['POST / HTTP/1.1', 'Host: a', ...lines].join('\r\n')}\r\n\r\n`

describe('createUpload', () => {
  let lab: EdgeLab
  let send: Send
  beforeEach(async () => {
    lab = await startEdge({ send: (request, outlook) => send(request, outlook) })
  })
  afterEach(() => lab.close())

  it('gives chunks and trailers', async () => {
    send = async ({ body }) => answerOf(body === null ? 'none' : await read(body))
    const text = await lab.raw(
      `${post('Transfer-Encoding: chunked', 'Connection: close')}3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n`,
    )
    match(text, /\r\n\r\nabcde\|X-T\|1$/)
  })

  it('is null where there is none, and where its length is zero', async () => {
    send = async ({ body }) => answerOf(String(body))
    match(await lab.raw(post('Connection: close')), /null$/)
    match(await lab.raw(post('Content-Length: 0', 'Connection: close')), /null$/)
  })

  it('is whole once all of a small one is here, and may then flow twice', async () => {
    send = async ({ body }) => {
      while (body !== null && body.whole === null) await new Promise(setImmediate)
      return answerOf(body === null ? '' : `${await read(body)}${await read(body)}`)
    }
    match(await lab.raw(`${post('Content-Length: 3', 'Connection: close')}abc`), /abcabc$/)
  })

  it('sends 100 Continue at the first flow, and not before', async () => {
    send = async ({ body }) => answerOf(body === null ? '' : await read(body))
    const socket = lab.connect()
    socket.write(post('Content-Length: 3', 'Expect: 100-continue', 'Connection: close'))
    const [interim] = (await once(socket, 'data')) as [Buffer]
    equal(interim.toString(), 'HTTP/1.1 100 Continue\r\n\r\n')
    socket.write('abc')
    match(await readAll(socket), /abc$/)
  })

  it('sends no 100 Continue for an upload that nobody wants, and closes', async () => {
    send = async () => answerOf('no', 401)
    const text = await lab.raw(post('Content-Length: 3', 'Expect: 100-continue'))
    match(text, /^HTTP\/1.1 401 .*\r\nConnection: close\r\n\r\nno$/s)
  })

  it('fails where the client leaves in the middle', async () => {
    const broken = deferred<string>()
    send = async ({ body }) => {
      if (body !== null) broken.resolve(await read(body))
      return answerOf('')
    }
    const socket = lab.connect()
    socket.write(`${post('Content-Length: 9')}abc`)
    while (lab.received.length === 0) await new Promise(setImmediate)
    socket.end()
    equal(await broken.promise, 'abc|client_gone')
    socket.destroy()
  })

  it('lets a client that still sends read its answer whole', async () => {
    send = async () => answerOf('too large', 413)
    const socket = lab.connect()
    socket.write(post('Content-Length: 3000000'))
    const all = readAll(socket)
    const chunk = Buffer.alloc(100_000)
    for (let sent = 0; sent < 30 && socket.writable; sent += 1) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')])
    }
    match(await all, /^HTTP\/1.1 413 .*\r\nConnection: close\r\n\r\ntoo large$/s)
  })

  it('leaves the connection usable after an upload that came and that nobody read', async () => {
    send = async ({ path, body }) => {
      while (body !== null && body.whole === null) await new Promise(setImmediate)
      return answerOf(path)
    }
    const text = await lab.raw(
      `${post('Content-Length: 3')}abcGET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    )
    deepEqual(text.match(/\r\n\r\n\/(?:next)?/g), ['\r\n\r\n/', '\r\n\r\n/next'])
  })
})
