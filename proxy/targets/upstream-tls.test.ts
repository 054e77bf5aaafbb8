import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { type UpstreamChanges, upstreamConfig } from '../../contract-tests/lab/upstream-config.ts'
import { parseConfig } from '../config/parse.ts'
import type { UpstreamTls } from '../config/upstream-config.ts'
import { writeSelfSigned } from '../edge/self-signed.ts'
import { refused } from './conformance/behaviour.ts'
import { createOutlook, inbound } from './conformance/exchange.ts'
import { createUpstream } from './upstream.ts'
import { createSecureFiles } from './upstream-tls.ts'

const read = (path: string): string => readFileSync(path, 'utf8')
const plain: UpstreamTls = { ca: null, cert: null, key: null, serverName: null, verify: true }

describe('TLS to an upstream', () => {
  const { cert, key } = writeSelfSigned()
  const directory = mkdtempSync(join(tmpdir(), 'banyan-upstream-tls-'))
  const other = join(directory, 'other-key.pem')
  const garbage = join(directory, 'garbage.pem')
  let server: Server
  let url = ''
  let names: string[] = []

  before(() => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(other, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeFileSync(garbage, 'not a certificate\n')
  })
  after(() => rmSync(directory, { recursive: true }))

  const listen = async (asksWho = false): Promise<void> => {
    const own = { cert: read(cert), key: read(key) }
    const options = asksWho ? { ...own, ca: read(cert), requestCert: true } : own
    server = createServer(options, (socket) => {
      names.push((socket as { servername?: string }).servername ?? '')
      socket.on('error', () => {})
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'))
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  afterEach(() => {
    server?.close()
    names = []
  })

  const statusOf = async (changes: UpstreamChanges): Promise<number | string> => {
    const upstream = createUpstream(upstreamConfig(url, changes), {
      pseudonym: 'banyan-test',
      now: () => performance.now(),
    })
    try {
      const sent = upstream.send('legacy')(inbound(), createOutlook())
      return await sent.then(
        ({ status }) => status,
        async () => {
          const { code, effect } = await refused(sent)
          return `${code}, effect ${effect}`
        },
      )
    } finally {
      await upstream.close(0)
    }
  }

  // biome-ignore format: a table reads best as a table
  const table: readonly (readonly [string, Partial<UpstreamTls> | null, boolean, number | string])[] = [
    ['is refused where nobody vouches for the certificate', null,                              false, 'tls_error, effect none'],
    ['is believed by a ca of its own',                      { ca: cert },                      false, 200],
    ['is refused under another name',                       { ca: cert, serverName: 'other.example' }, false, 'tls_error, effect none'],
    ['is believed under the name that it bears',            { ca: cert, serverName: 'localhost' }, false, 200],
    ['is believed by whoever wants no proof',               { verify: false },                 false, 200],
    ['is shown a certificate',                              { ca: cert, cert, key },           true,  200],
  ]
  for (const wire of ['own', 'undici'] as const) {
    for (const [title, tls, asksWho, wanted] of table) {
      it(`${title} (${wire})`, async () => {
        await listen(asksWho)
        assert.equal(
          await statusOf({ wire, tls: tls === null ? null : { ...plain, ...tls } }),
          wanted,
        )
        if (tls?.serverName === 'localhost') assert.deepEqual(names, ['localhost'])
      })
    }

    it(`needs its certificate where the upstream asks for one (${wire})`, async () => {
      await listen(true)
      const status = await statusOf({ wire, tls: { ...plain, ca: cert } })
      assert.notEqual(status, 200)
    })
  }

  it('does not come about where a file cannot be used', () => {
    for (const tls of [{ ca: garbage }, { cert, key: other }, { ca: '/nowhere.pem' }]) {
      const config = upstreamConfig('https://127.0.0.1:1', { tls: { ...plain, ...tls } })
      const io = { pseudonym: 'banyan-test', now: () => performance.now() }
      assert.throws(() => createUpstream(config, io))
    }
  })

  it('is looked at again while the config stays as it is; what cannot be used changes nothing', async () => {
    const file = join(directory, 'renewed.pem')
    writeFileSync(file, read(cert))
    const troubles: unknown[] = []
    let tell: () => void = () => {}
    const files = createSecureFiles(
      { ...plain, ca: file },
      {
        everyMs: 5,
        onTrouble(error) {
          troubles.push(error)
          tell()
        },
      },
    )
    const told = (): Promise<void> =>
      new Promise((resolve) => {
        tell = resolve
      })
    const first = files.now()
    files.start()
    const spoiled = told()
    writeFileSync(file, 'half a certi')
    await spoiled
    assert.equal(files.now(), first)
    const mended = told()
    writeFileSync(file, `${read(cert)}\n`)
    await mended
    files.close()
    assert.notEqual(files.now(), first)
    assert.deepEqual(
      troubles.map((error) => error === null),
      [false, true],
    )
  })

  const check = (tls: object, at = 'https://shop.example'): readonly string[] => {
    const text = JSON.stringify({
      upstreams: { php: { url: at, tls } },
      routes: { rest: { match: '/*', legacy: 'php' } },
    })
    const world = { exists: (path: string) => !path.includes('nowhere'), read, directory }
    const { diagnostics } = parseConfig([{ file: join(directory, 'banyan.yaml'), text }], world)
    return diagnostics.map(({ code, message }) => `${code} ${message}`)
  }

  // biome-ignore format: a table reads best as a table
  const mistakes: readonly (readonly [string, object, readonly string[]])[] = [
    ['nothing that is wrong',          { ca: cert, cert, key, serverName: 'shop.example' }, []],
    ['a file that is not there',       { ca: 'nowhere.pem' },       ['BC1206 there is no such file']],
    ['a ca without a certificate',     { ca: 'garbage.pem' },       ['BC1208 it is no PEM that can be read']],
    ['a key that is none',             { cert, key: garbage },      ['BC1208 it is no PEM that can be read']],
    ['a key of another certificate',   { cert, key: other },        ['BC1208 the key is not the one of the certificate']],
    ['a certificate without its key',  { cert },                    ['BC1110 a client certificate needs cert and key']],
    ['whom nobody proves',             { verify: false },           ['BC1603 whoever stands between can pretend to be this upstream']],
    ['a name that is none',            { serverName: 'a:1' },       ['BC1108 expected a host name without port, such as shop.example']],
  ]
  for (const [title, tls, wanted] of mistakes) {
    it(`is checked with the config: ${title}`, () => assert.deepEqual(check(tls), wanted))
  }

  it('is checked with the config: an address without TLS', () => {
    const wanted = ['BC1103 tls is for https:// addresses']
    assert.deepEqual(check({ ca: cert }, 'http://shop.example'), wanted)
  })
})
