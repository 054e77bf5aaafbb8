import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Proxy as Running } from '../proxy.ts'
import {
  common,
  createFolder,
  drivesTerminal,
  type Folder,
  plainFile,
  run,
  startProxy,
} from './command-lab.ts'
import type { Io } from './io.ts'
import { type KillOptions, kill } from './kill.ts'
import { type StatusOptions, status } from './status.ts'

const hostile = 'orders fail \u001b[2J\u009b31m'

describe('the commands that ask a running proxy', () => {
  let folder: Folder
  let file = ''
  let proxy: Running
  let admin = ''
  before(async () => {
    folder = createFolder()
    file = folder.write('b.yaml', plainFile)
    const started = await startProxy(file)
    proxy = started.proxy
    admin = started.adminUrl
  })
  afterEach(async () => {
    for (const { scope } of proxy.status.kills()) await killed({ lift: scope })
  })
  after(async () => {
    await proxy.close()
    folder.remove()
  })

  const killed = (options: Partial<KillOptions>) => {
    const plain = { ...common(file), scope: null, for: null, reason: null, lift: null, admin }
    return run((io) => kill({ ...plain, ...options }, io))
  }
  const shown = (options: Partial<StatusOptions> = {}, io: Partial<Io> = {}) => {
    const plain = { ...common(file), route: null, watch: false, admin }
    return run((world) => status({ ...plain, ...options }, world), io)
  }
  const order = { for: '2h', reason: hostile }
  const now = (id: string) => proxy.status.route(id)?.effective.reason

  it('kill everything, say until when, and show it in status', async () => {
    const { code, out } = await killed({ scope: 'all', ...order })
    assert.equal(code, 0)
    assert.match(out, /^killed all for (2h|1h 59m), until \d{4}-\d\d-\d\dT/)
    assert.equal(now('articles.get'), 'kill')
    const { out: board } = await shown()
    assert.match(board, /killed all for (2h|1h 59m) more: orders fail/)
    assert.match(board, /articles\.get +canary 50% +legacy \(kill\)/)
    assert.ok(!drivesTerminal(board))
  })

  const scopes = {
    'articles.get': 'route:articles.get',
    ts: 'upstream:ts',
    'route:rest': 'route:rest',
  }
  for (const [name, scope] of Object.entries(scopes)) {
    it(`kill ${name} and lift it again`, async () => {
      assert.match((await killed({ scope: name, ...order })).out, new RegExp(`^killed ${scope} `))
      assert.deepEqual(
        proxy.status.kills().map((each) => each.scope),
        [scope],
      )
      assert.match((await killed({ lift: name })).out, new RegExp(`^lifted the kill of ${scope}\n`))
      assert.deepEqual(proxy.status.kills(), [])
    })
  }

  const wrong: readonly (readonly [Partial<KillOptions>, number, RegExp])[] = [
    [{ scope: 'articles.gt', ...order }, 1, /did you mean "articles.get"/],
    [{ scope: 'route:nothing', ...order }, 1, /no route of this id/],
    [{ lift: 'all' }, 1, /No kill of this scope/],
    [{ scope: 'all', for: '2h' }, 2, /--reason is missing/],
    [{ scope: 'all', reason: 'x' }, 2, /--for is missing/],
    [{ scope: 'all', for: '25h', reason: 'x' }, 2, /at most 24h/],
    [{ scope: 'all', for: 'soon', reason: 'x' }, 2, /no duration/],
    [{ for: '2h', reason: 'x' }, 2, /kill what/],
    [{ scope: 'all', lift: 'all' }, 2, /takes no other/],
  ]
  for (const [options, exit, sentence] of wrong) {
    it(`exit ${exit} on kill ${JSON.stringify({ ...options, reason: options.reason?.length })}`, async () => {
      const { code, err } = await killed(options)
      assert.equal(code, exit)
      assert.match(err, sentence)
      assert.deepEqual(proxy.status.kills(), [])
    })
  }

  it('show routes with stage, traffic, latency and breaker', async () => {
    const { code, out } = await shown()
    const lines = out.split('\n')
    assert.equal(code, 0)
    assert.match(lines[0] ?? '', /^banyan [\d.]+ {2}ready {2}revision [\da-f]{12} {2}up \ds? /)
    assert.match(lines[2] ?? '', /^ROUTE +STAGE +ANSWERS NOW +LEGACY +MODERN +FAILED +FALLBACKS/)
    assert.match(lines[4] ?? '', /^articles\.get +canary 50% +split +0 +0 +0 +0 +- +- +/)
  })

  it('show one route with its why', async () => {
    const { out } = await shown({ route: 'articles.get' })
    assert.match(out, /why +The route is at canary: modern answers 50%/)
    const { code, err } = await shown({ route: 'articles.gt' })
    assert.equal(code, 1)
    assert.match(err, /did you mean "articles.get"/)
  })

  it('show status as JSON', async () => {
    const seen = JSON.parse((await shown({ json: true, route: 'rest' })).out)
    assert.deepEqual(
      seen.routes.map(({ id }: { id: string }) => id),
      ['rest'],
    )
    assert.equal(seen.process.state, 'ready')
  })

  it('redraw in place on a terminal until Ctrl-C', async () => {
    const { code, out } = await shown({ watch: true }, { terminal: true })
    assert.equal(code, 0)
    assert.ok(out.startsWith('\u001b[2J\u001b[Hbanyan '))
    assert.ok(out.endsWith('\u001b[K\n\u001b[J'))
  })

  it('draw no more than the terminal holds', async () => {
    const size = () => ({ columns: 20, rows: 4 })
    const { out } = await shown({ watch: true }, { terminal: true, size })
    const [, sheet = ''] = out.split('\u001b[H')
    const lines = sheet.split('\u001b[K\n').slice(0, -1)
    assert.ok(lines.length === 3 && lines.every((line) => line.length <= 20), out)
  })

  it('print one status after the other where nothing can be redrawn', async () => {
    const { out } = await shown({ watch: true })
    assert.ok(!drivesTerminal(out))
    assert.match(out, /articles\.get/)
  })

  it('exit 3 where no proxy answers', async () => {
    const gone = { admin: 'http://127.0.0.1:1' }
    for (const { code, err } of [
      await shown(gone),
      await killed({ scope: 'all', ...order, ...gone }),
    ]) {
      assert.equal(code, 3)
      assert.match(err, /no proxy answers at http:\/\/127\.0\.0\.1:1: \S/)
    }
  })

  it('exit 3 where something else answers', async () => {
    const other = createServer((_, answer) => void answer.end('<h1>hello</h1>')).listen(
      0,
      '127.0.0.1',
    )
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { code, err } = await shown({ admin: `127.0.0.1:${port}` })
    other.close()
    assert.equal(code, 3)
    assert.match(err, /is this the admin port of a banyan/)
  })

  it('ask where the proxy always is while the file is broken', async () => {
    const config = folder.write('broken.yaml', 'routes: [')
    const asked: string[] = []
    const refuse = (async (url: URL) => {
      asked.push(String(url))
      throw new Error('refused')
    }) as unknown as typeof fetch
    const { code, err } = await shown({ config, admin: null }, { fetch: refuse })
    assert.equal(code, 3)
    assert.match(err, /broken\.yaml cannot be used.*asking http:\/\/127\.0\.0\.1:9901/)
    assert.ok(asked.every((url) => url.startsWith('http://127.0.0.1:9901/')))
  })

  it('ask where a broken file still says that the proxy is', async () => {
    const config = folder.write('half.yaml', 'admin: { port: 7001 }\nroutes: [')
    const refuse = (() => Promise.reject(new Error('refused'))) as unknown as typeof fetch
    const { err } = await shown({ config, admin: null }, { fetch: refuse })
    assert.match(err, /half\.yaml cannot be used.*asking http:\/\/127\.0\.0\.1:7001/)
  })
})
