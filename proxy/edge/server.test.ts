import { deepEqual, equal, match, rejects, throws } from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { wholeBody } from '../targets/body.ts'
import type { Send } from '../targets/send.ts'
import { type EdgeLab, readAll, startEdge } from './edge-lab.ts'
import { listenOn } from './listen.ts'
import { writeSelfSigned } from './self-signed.ts'
import { readTlsFiles } from './tls-files.ts'

const send: Send = async ({ peer }) => ({
  from: 'legacy',
  status: 200,
  reason: 'OK',
  headers: [],
  body: wholeBody(Buffer.from(peer.scheme)),
  failure: null,
  instead: null,
})
const get = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'

describe('createEdgeServer', () => {
  let lab: EdgeLab | null = null
  afterEach(() => lab?.close())

  it('answers 408 to a head that takes too long', async () => {
    const limits = { headerBytes: 16_384, headerCount: 9, headerTimeoutMs: 50, keepAliveMs: 9_000 }
    lab = await startEdge({ send, listen: { limits } })
    match(await lab.raw('GET / HTTP/1.1\r\nHost: a\r\n'), /^HTTP\/1.1 408 .*client_timeout/s)
  })

  it('closes a connection that idles for longer than its limit', async () => {
    const limits = { headerBytes: 16_384, headerCount: 9, headerTimeoutMs: 5_000, keepAliveMs: 20 }
    lab = await startEdge({ send, listen: { limits } })
    match(await lab.raw('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), /^HTTP\/1.1 200 .*http$/s)
  })

  it('speaks TLS, not older than 1.2', async () => {
    const { cert, key, pem } = writeSelfSigned()
    lab = await startEdge({ send, listen: { tls: { cert, key } } })
    const { port } = lab
    const options = { port, host: '127.0.0.1', ca: pem }
    const socket = connectTls(options)
    socket.write(get)
    match(await readAll(socket), /^HTTP\/1.1 200 OK\r\n.*https$/s)
    const old = connectTls({ ...options, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
    await rejects(once(old, 'secureConnect'))
  })

  it('serves a request that offers another protocol as what it is', async () => {
    const { cert, key, pem } = writeSelfSigned()
    for (const tls of [null, { cert, key }]) {
      lab = await startEdge({ send, listen: { tls }, replaysUpgrades: true })
      const { port } = lab
      const socket = tls === null ? lab.connect() : connectTls({ port, host: '127.0.0.1', ca: pem })
      const upgrade = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'
      socket.write(upgrade + get)
      const text = await readAll(socket)
      deepEqual(text.match(/HTTP\/1.1 200 OK/g)?.length, 2)
      await lab.close()
    }
    lab = null
  })
})

describe('readTlsFiles', () => {
  it('names the key and the file that cannot be read', () => {
    const { cert } = writeSelfSigned()
    throws(() => readTlsFiles({ cert, key: '/nowhere/key.pem' }), {
      message: 'listen.tls.key: cannot read /nowhere/key.pem (ENOENT)',
    })
  })

  it('says when the files hold no certificate', () => {
    const { cert, key } = writeSelfSigned()
    writeFileSync(cert, 'not a certificate')
    throws(() => readTlsFiles({ cert, key }), /^Error: listen.tls: .* cannot be used: /)
  })
})

describe('listenOn', () => {
  it('says that the port is taken, and which key names another one', async () => {
    const first = createServer()
    const at = await listenOn(first, { host: '127.0.0.1', port: 0 }, 'listen')
    await rejects(listenOn(createServer(), at, 'listen'), {
      message: `cannot listen on 127.0.0.1:${at.port}: another process has this port; listen.port names another one`,
    })
    first.close()
    equal(at.host, '127.0.0.1')
  })
})
