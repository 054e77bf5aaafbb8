import { deepEqual, equal, match, notEqual, throws } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { createHeardLog } from '../telemetry/plain-exchange.ts'
import { type Certificates, createCertificates } from './certificates.ts'
import { writeSelfSigned } from './self-signed.ts'

const hasOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
})()

/** Makes a certificate for a name. */
const makePair = (directory: string, name: string): { cert: string; key: string } => {
  const pair = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) }
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', pair.key, '-out', pair.cert, '-days', '9']
  const args = ['req', '-x509', ...curve, ...files, '-subj', `/CN=${name}`]
  execFileSync('openssl', args, { stdio: 'ignore' })
  return pair
}

describe('createCertificates', () => {
  let directory: string
  let certificates: Certificates
  let server: Server
  const { log, heard } = createHeardLog()
  const start = async (tls: Parameters<typeof createCertificates>[0]): Promise<void> => {
    certificates = createCertificates(tls, log)
    server = createServer({ ...certificates.options }, (_request, response) => response.end('ok'))
    certificates.follow(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  /** Whose certificate a client gets that asks for a name. */
  const nameFor = async (servername?: string): Promise<string> => {
    const { port } = server.address() as AddressInfo
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false }
    const socket = connect(servername === undefined ? options : { ...options, servername })
    await once(socket, 'secureConnect')
    const { CN } = socket.getPeerCertificate().subject
    socket.destroy()
    return String(CN)
  }
  before(function () {
    // Nothing else here makes certificates; CI has it.
    if (!hasOpenssl) this.skip()
  })
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'banyan-certificates-'))
  })
  afterEach(() => {
    certificates.close()
    server.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('answers with the certificate of the name that is asked for, else with the first', async () => {
    const shop = makePair(directory, 'shop.example')
    const any = makePair(directory, 'any.example')
    await start({ ...writeSelfSigned(), sni: { 'shop.example': shop, '*.any.example': any } })
    equal(await nameFor('shop.example'), 'shop.example')
    equal(await nameFor('SHOP.example'), 'shop.example')
    equal(await nameFor('a.any.example'), 'any.example')
    equal(await nameFor('a.b.any.example'), 'localhost')
    equal(await nameFor(), 'localhost')
    deepEqual(
      certificates.status().map(({ name }) => name),
      ['default', 'shop.example', '*.any.example'],
    )
  })

  it('takes changed files up for the connections that begin then', async () => {
    const first = makePair(directory, 'first.example')
    const named = makePair(directory, 'named.example')
    const next = makePair(directory, 'next.example')
    await start({ ...first, sni: { 'named.example': named } })
    const { expires } = certificates.status()[0] ?? {}
    for (const pair of [first, named]) {
      copyFileSync(next.cert, pair.cert)
      copyFileSync(next.key, pair.key)
    }
    await certificates.look()
    equal(await nameFor(), 'next.example')
    equal(await nameFor('named.example'), 'next.example')
    equal(certificates.status()[0]?.rejected, null)
    notEqual(expires, undefined)
  })

  it('keeps what it has when a pair cannot be used, and says so once', async () => {
    const first = makePair(directory, 'first.example')
    const other = makePair(directory, 'other.example')
    await start(first)
    const broken: readonly (readonly [() => void, RegExp])[] = [
      [() => copyFileSync(other.key, first.key), /not the key of the certificate/],
      [() => writeFileSync(first.cert, 'no certificate'), /./],
      [() => rmSync(first.cert), /ENOENT/],
    ]
    for (const [breakIt, why] of broken) {
      breakIt()
      const before = heard.length
      await certificates.look()
      await certificates.look()
      match(certificates.status()[0]?.rejected ?? '', why)
      const told = heard.slice(before).filter(({ event }) => event === 'certificate_rejected')
      equal(told.length, 1)
      equal(await nameFor(), 'first.example')
    }
  })

  it('names the config key of a pair that cannot be used at first', async () => {
    const first = makePair(directory, 'first.example')
    await start(first)
    const sni = { 'a.example': { cert: first.cert, key: '/nowhere' } }
    throws(() => createCertificates({ ...first, sni }, log), {
      message: 'listen.tls.sni.a.example.key: cannot read /nowhere (ENOENT)',
    })
  })
})
