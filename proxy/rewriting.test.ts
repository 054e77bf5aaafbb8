import assert from 'node:assert/strict'
import { createConnection } from 'node:net'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import { readAll } from './edge/edge-lab.ts'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'

const nothing = { set: {}, add: {}, remove: [] }

describe('a route that rewrites', () => {
  let origin: LabOrigin
  let lab: ProxyLab
  before(async () => {
    origin = await createOrigin(({ socket }) =>
      reply(
        '302 Found',
        [
          `Location: http://127.0.0.1:${socket.localPort}/next?a=1`,
          'Set-Cookie: a=1; Path=/',
          'X-Powered-By: PHP',
        ],
        '',
      ),
    )
    const rewriting = {
      prefix: { from: '/shop/', to: '/' },
      location: 'auto',
      cookies: { domain: {}, path: { '/': '/shop/' } },
      request: { ...nothing, set: { 'X-Shop': 'one' } },
      answer: { ...nothing, remove: ['x-powered-by'] },
    } as const
    const redirect = { to: 'https://new.example{path}{query}', status: 301 } as const
    lab = await startProxy({
      upstreams: { php: plainUpstream([origin.url], { host: 'target' }) },
      routes: [
        plainRoute('shop', { match: { path: '/shop/*' }, legacy: 'php', rewriting }),
        plainRoute('old', { match: { path: '/old/*' }, legacy: null, redirect }),
      ],
    })
  })
  after(async () => {
    await lab.close()
    await origin.close()
  })

  it('asks the upstream without the prefix, and tells the client its own URLs', async () => {
    const { headers } = await lab.ask({ path: '/shop/cart//a%20b?c', headers: { 'x-shop': 'two' } })
    const asked = origin.requests.at(-1)
    assert.equal(asked?.line, 'GET /cart//a%20b?c HTTP/1.1')
    assert.deepEqual(asked?.head.match(/^x-shop:.*$/gim), ['X-Shop: one'])
    assert.equal(headers.location, `http://127.0.0.1:${lab.port}/shop/next?a=1`)
    assert.deepEqual(headers['set-cookie'], ['a=1; Path=/shop/'])
    assert.equal(headers['x-powered-by'], undefined)
  })

  it('answers 400 where the path does not plainly begin with the prefix', async () => {
    const before = origin.requests.length
    const { status } = await lab.ask({ path: '/%73hop/cart' })
    assert.equal(status, 400)
    assert.equal(origin.requests.length, before)
  })

  it('sends clients elsewhere, and asks nobody', async () => {
    const before = origin.requests.length
    const { status, headers, text } = await lab.ask({ path: '/old/a?b' })
    assert.deepEqual([status, headers.location, text], [301, 'https://new.example/old/a?b', ''])
    assert.equal(headers['content-length'], '0')
    assert.equal(origin.requests.length, before)
  })

  const upgrade = async (path: string): Promise<string> => {
    const socket = createConnection(lab.port, '127.0.0.1')
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    )
    return readAll(socket)
  }

  it('does the same for upgrades', async () => {
    const answer = await upgrade('/shop/socket')
    const asked = origin.requests.at(-1)
    assert.equal(asked?.line, 'GET /socket HTTP/1.1')
    assert.match(asked?.head ?? '', /\r\nX-Shop: one(?:\r\n|$)/)
    assert.match(
      answer,
      /^HTTP\/1\.1 302 Found\r\nLocation: http:\/\/shop\.example\/shop\/next\?a=1\r\n/,
    )
    assert.match(await upgrade('/%73hop/socket'), /^HTTP\/1\.1 400 /)
    assert.match(
      await upgrade('/old/a'),
      /^HTTP\/1\.1 301 .*\r\nLocation: https:\/\/new\.example\/old\/a\r\n/s,
    )
  })
})
