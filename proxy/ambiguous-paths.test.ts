import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { readAll } from './edge/edge-lab.ts'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { type Normaliser, normalisers } from './routing/normalise/profiles.ts'
import { plainRoute } from './routing/plain-route.ts'
import { spellingsOf } from './routing/spellings.ts'

/** What each stack is known to take for /admin, from its manual or from advisories: not from our models. */
// biome-ignore format: a table reads best as a table
const knownAs: Readonly<Record<Normaliser, readonly string[]>> = {
  php:          ['/index.php/admin', '/index.php//admin', '/index%2ephp/admin', '//x/admin', '/admin/', '/admin%0a', '/admin%00', '/admin/index.php'],
  rails:        ['/admin/', '/admin.json', '/admin.html', '/admin//', '/x/..%5cadmin', '/admin%0a'],
  apache:       ['/index.php/admin', '/index%2ephp/admin'],
  nginx:        ['/index.php/admin', '/index.php//admin'],
  tomcat:       ['/..;/admin', '/x/..;/admin', '/x/..;v=1/admin', '/;/admin', '/admin;', '/admin;v=1', '/admin/;', '/admin;jsessionid=1', '/x/..%5cadmin', '/%c0%afadmin', '/admin.json'],
  iis:          ['/ADMIN', '/Admin', '/admin.', '/admin%20', '/admin::$DATA', '/x/..%5cadmin', '/%255cadmin', '/%u0061dmin', '/%c0%afadmin', '/%ef%bd%81dmin', '/(S(x))/admin', '/%2561dmin'],
  express:      ['/ADMIN', '/Admin', '/admiN', '/admin/'],
  doubleDecode: ['/%2561dmin', '/%252fadmin', '/x/%252e%252e/admin', '/x/%252e%252e%252fadmin', '/admin%3fx', '/admin%23'],
}

/** Odd, and read alike by everybody as far as these routes go. */
// biome-ignore format: a table reads best as a table
const legitimate = [
  '/articles/a%20b', '/articles/caf%C3%A9', '/articles/caf%e9', '/articles/a+b', '/articles/c++', '/articles/%F0%9F%8C%B3',
  '/articles/100%25', '/articles/a%3Fb', '/articles/a;jsessionid=1', '/articles/it\'s-(fine)!', '/articles/v1.2', '/articles/a@b:c',
  '/files/a%2Fb', '/files//a///b', '/files/a/./b', '/files/x/../y', '/files/a%252Fb', '/files/A%5CB', '/files/x.tar.gz', '/files/x?next=//a/../%2e%2e/index.php',
]

describe('paths that can be read in two ways', () => {
  const seen: string[] = []
  const origin = createServer(({ url = '' }, response) => {
    seen.push(url)
    response.end()
  })
  let lab: ProxyLab
  before(async () => {
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const urls = [`http://127.0.0.1:${(origin.address() as AddressInfo).port}`]
    const policies = ['report', 'strictest', 'reject'] as const
    lab = await startProxy({
      upstreams: Object.fromEntries(
        normalisers.map((name) => [name, plainUpstream(urls, { name, normaliser: [name] })]),
      ),
      routes: normalisers.flatMap((legacy) =>
        policies.flatMap((onAmbiguousPath) => {
          const host = `${onAmbiguousPath}.${legacy.toLowerCase()}.example`
          const route = (id: string, path: string) =>
            plainRoute(`${legacy}.${onAmbiguousPath}.${id}`, {
              match: { path, host },
              legacy,
              modern: null,
              onAmbiguousPath,
            })
          return [
            route('admin', '/admin'),
            route('one', '/articles/:slug'),
            route('files', '/files/*'),
            route('rest', '/*'),
          ]
        }),
      ),
    })
  })
  after(async () => {
    await lab.close()
    origin.close()
    origin.closeAllConnections()
  })
  beforeEach(() => {
    seen.length = 0
  })

  /** Which route answered, and with what. */
  const ask = async (normaliser: string, policy: string, path: string) => {
    const host = `${policy}.${normaliser.toLowerCase()}.example`
    const headers = { host, 'x-banyan-explain': '1' }
    const { status, headers: answer } = await lab.ask({ path, headers })
    return { status, route: String(answer['x-banyan-route']).split('.').at(-1) }
  }

  for (const normaliser of normalisers) {
    it(`lets none of 96 spellings round a route of ${normaliser} at reject`, async () => {
      const passed: string[] = []
      for (const spelling of spellingsOf('/admin')) {
        const { status, route } = await ask(normaliser, 'reject', spelling)
        assert.equal(status, seen.at(-1) === spelling ? 200 : 400, spelling)
        if (status === 200 && route !== 'admin') passed.push(spelling)
      }
      assert.deepEqual(
        knownAs[normaliser].filter((spelling) => passed.includes(spelling)),
        [],
      )
      assert.ok(passed.length > 10, 'what no reader takes for /admin is still forwarded')
    }).timeout(60_000)

    it(`gives what ${normaliser} takes for a route to that route at strictest, as it came`, async () => {
      for (const spelling of knownAs[normaliser]) {
        assert.deepEqual(await ask(normaliser, 'strictest', spelling), {
          status: 200,
          route: 'admin',
        })
      }
      assert.deepEqual(seen, knownAs[normaliser])
    })

    it(`forwards odd paths to ${normaliser} byte for byte, whatever the policy`, async () => {
      for (const path of legitimate)
        for (const policy of ['reject', 'report'])
          assert.equal((await ask(normaliser, policy, path)).status, 200, `${policy} ${path}`)
      assert.deepEqual(
        seen,
        legitimate.flatMap((path) => [path, path]),
      )
    })
  }

  it('counts and tells what it reports, and serves it as the canonical path says', async () => {
    const url = '/index.php/admin?token=secret'
    assert.deepEqual(await ask('php', 'report', url), { status: 200, route: 'rest' })
    const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    assert.match(page, /banyan_ambiguous_paths_total\{profile="php",policy="report"\} [1-9]/)
    const line = lab.heard.find(({ event }) => event === 'ambiguous_path')
    assert.deepEqual(Object.keys(line?.fields ?? {}), [
      ...['requestId', 'path', 'profile', 'policy', 'route', 'reading', 'readingRoute'],
    ])
    assert.ok(!JSON.stringify(lab.heard).includes('secret'))
  })

  it('refuses with a problem that says what to do', async () => {
    const headers = { host: 'reject.php.example' }
    const { status, text } = await lab.ask({ path: '/index.php/admin', headers })
    assert.equal(status, 400)
    assert.match(text, /urn:banyan:error:http_request_error.*more than one way; write it plainly/)
  })

  it('refuses an upgrade by the same rule', async () => {
    const socket = createConnection(lab.port, '127.0.0.1')
    const lines = ['Host: reject.php.example', 'Connection: Upgrade', 'Upgrade: websocket']
    const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']
    socket.write(`GET /index.php/admin HTTP/1.1\r\n${[...lines, ...key].join('\r\n')}\r\n\r\n`)
    assert.match(await readAll(socket), /^HTTP\/1\.1 400 .*write it plainly/s)
    assert.deepEqual(seen, [])
  })
})
