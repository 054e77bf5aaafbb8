import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createLegacyServer, type Interpreter, type LegacyRequest, textAnswer } from './serve.ts'

const mebibyte = 1024 * 1024

describe('the server of an embedded legacy', () => {
  let server: Server | null = null
  let complaints: unknown[] = []

  const start = async (interpret: Interpreter): Promise<number> => {
    server = createLegacyServer(interpret, (error) => complaints.push(error)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  afterEach(() => {
    complaints = []
    server?.closeAllConnections()
    server?.close()
  })

  const ask = async (port: number, method: string, body?: Buffer): Promise<IncomingMessage> => {
    const request = httpRequest({ port, method, host: '127.0.0.1', agent: false }).end(body)
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return response
  }

  const read = async (response: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  it('hands over the request as it came', async () => {
    let seen: LegacyRequest | undefined
    const port = await start(async (request) => {
      seen = request
      return textAnswer(200, 'ok')
    })
    const socket = connect(port, '127.0.0.1')
    socket.end(
      'PROPFIND /a//b%2F?x=%ff HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: \xe4\r\nContent-Length: 2\r\n\r\n\x00\xff',
      'latin1',
    )
    await once(socket, 'data')
    assert.equal(seen?.method, 'PROPFIND')
    assert.equal(seen?.url, '/a//b%2F?x=%ff')
    assert.deepEqual(seen?.headers.slice(2, 6), ['X-A', '1', 'x-a', '\xe4'])
    assert.deepEqual([...(seen?.body ?? [])], [0, 255])
  })

  it('keeps case, order and doubles of the headers that the interpreter gives', async () => {
    const headers = ['SET-Cookie', 'a=1', 'X-B', '\xe4', 'Set-Cookie', 'b=2']
    const port = await start(async () => ({ status: 201, headers, body: Buffer.from('x') }))
    const response = await ask(port, 'GET')
    assert.equal(response.statusCode, 201)
    assert.deepEqual(response.rawHeaders.slice(0, 8), [...headers, 'Content-Length', '1'])
  })

  it('answers one request after the other', async () => {
    let running = 0
    let most = 0
    const port = await start(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running -= 1
      return textAnswer(200, 'ok')
    })
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(port, 'GET')))
    assert.equal(answers.length, 20)
    assert.equal(most, 1)
  })

  for (const [what, interpret] of [
    ['rejects', () => Promise.reject(new Error('out of bounds'))],
    [
      'gives a header that cannot be sent',
      async () => ({ ...textAnswer(200, ''), headers: ['X', 'a\nb'] }),
    ],
    ['gives a status that there is not', async () => textAnswer(42, '')],
  ] as [string, Interpreter][]) {
    it(`answers 502 when the interpreter ${what}, and goes on`, async () => {
      let first = true
      const port = await start(async (request) => {
        if (!first) return textAnswer(200, 'ok')
        first = false
        return interpret(request)
      })
      assert.equal((await ask(port, 'GET')).statusCode, 502)
      assert.equal(complaints.length, 1)
      assert.equal((await ask(port, 'GET')).statusCode, 200)
    })
  }

  it('answers 413 to a body over 32 MiB without showing it to the interpreter', async () => {
    let runs = 0
    const port = await start(async () => {
      runs += 1
      return textAnswer(200, 'ok')
    })
    const response = await ask(port, 'POST', Buffer.alloc(33 * mebibyte))
    assert.equal(response.statusCode, 413)
    assert.match(await read(response), /larger than 33554432 bytes/)
    assert.equal(runs, 0)
  })

  it('does not run what its client no longer waits for', async () => {
    const urls: string[] = []
    let release = (): void => {}
    const port = await start(async ({ url }) => {
      urls.push(url)
      if (url === '/first') await new Promise<void>((resolve) => (release = resolve))
      return textAnswer(200, 'ok')
    })
    const held = httpRequest({ port, path: '/first', agent: false }).end()
    const [incoming] = (await once(server!, 'request')) as [IncomingMessage]
    const gone = httpRequest({ port, path: '/gone', agent: false }).on('error', () => {})
    gone.end()
    const [abandoned] = (await once(server!, 'request')) as [IncomingMessage]
    gone.destroy()
    await once(abandoned.socket, 'close')
    const answered = once(held, 'response')
    release()
    await answered
    assert.equal((await ask(port, 'GET')).statusCode, 200)
    assert.deepEqual(urls, [incoming.url, '/'])
  })
})
