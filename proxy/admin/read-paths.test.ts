import assert from 'node:assert/strict'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import { redactUrl } from '../telemetry/redact-url.ts'
import { type AdminLab, labConfig, type Reply, startAdmin } from './admin-lab.ts'
import type { BreakerStatus, StatusSources } from './status.ts'

const bodyOf = ({ text }: Reply) => JSON.parse(text)
const open: BreakerStatus = {
  route: 'articles.list',
  upstream: 'handlers',
  address: null,
  state: 'open',
  since: null,
}

describe('reading the admin API', () => {
  let lab: AdminLab
  const start = async (sources: Partial<StatusSources> = {}): Promise<void> => {
    lab = await startAdmin(sources)
  }
  afterEach(() => lab.close())

  it('shows each route: stage, who answers now and why, traffic, examples', async () => {
    await start()
    const { revision, routes } = bodyOf(await lab.admin({ path: '/v1/routes' }))
    assert.equal(revision, labConfig.revision)
    assert.deepEqual(
      routes.map(({ id }: { id: string }) => id),
      ['articles.list', 'rest'],
    )
    assert.equal(routes[0].effective.primary, 'split')
    assert.match(routes[0].effective.why, /10% of callers/)
    assert.deepEqual(routes[0].examples, ['GET /a'])
    assert.deepEqual(routes[0].traffic.requests, { legacy: 0, modern: 0, banyan: 0 })
  })

  it('shows an open breaker at its route, in the status and in the metrics', async () => {
    const conditions = () => ({
      killed: () => false,
      blocked: (_: unknown, target: string) => (target === 'modern' ? ('breaker' as const) : null),
    })
    await start({ breakers: () => [open], conditions })
    const route = bodyOf(await lab.admin({ path: '/v1/routes/articles.list' }))
    assert.deepEqual([route.effective.primary, route.effective.reason], ['legacy', 'breaker'])
    assert.deepEqual(route.breakers, [open])
    assert.deepEqual(bodyOf(await lab.admin({ path: '/v1/status' })).breakers, [open])
    const page = (await lab.admin({ path: '/metrics' })).text
    const labels = 'route="articles.list",upstream="handlers"'
    assert.match(page, new RegExp(`^banyan_breaker_state\\{${labels},state="open"\\} 1$`, 'm'))
    assert.match(page, new RegExp(`^banyan_breaker_state\\{${labels},state="closed"\\} 0$`, 'm'))
  })

  it('says how the binary log of legacy is read, and nothing where nobody wants to', async () => {
    const failed: BinlogStatus = {
      ...{ server: 'db:3306', state: 'failed', since: new Date(0).toISOString() },
      position: { file: 'mariadb-bin.000002', offset: 345 },
      why: 'Access denied',
    }
    await start({ binlog: () => failed })
    assert.deepEqual(bodyOf(await lab.admin({ path: '/v1/status' })).binlog, failed)
    await lab.close()
    await start()
    assert.equal(bodyOf(await lab.admin({ path: '/v1/status' })).binlog, null)
  })

  it('names a route and its decision by an ETag that traffic does not change', async () => {
    let blocked: 'health' | null = null
    await start({ conditions: () => ({ killed: () => false, blocked: () => blocked }) })
    const etag = async () => (await lab.admin({ path: '/v1/routes/articles.list' })).headers.etag
    const first = await etag()
    assert.match(String(first), new RegExp(`^W/"${labConfig.revision}-[0-9a-f]{12}"$`))
    assert.equal(await etag(), first)
    blocked = 'health'
    assert.notEqual(await etag(), first)
  })

  it('does not know a route that the config does not have', async () => {
    await start()
    const reply = await lab.admin({ path: '/v1/routes/none' })
    assert.deepEqual([reply.status, bodyOf(reply).code], [404, 'route_unknown'])
  })

  it('shows the config without credentials', async () => {
    await start()
    const { text } = await lab.admin({ path: '/v1/config' })
    assert.doesNotMatch(text, /secret/)
    const config = JSON.parse(text)
    assert.deepEqual(config.upstreams.php.urls, ['http://…@127.0.0.1:9/'])
    assert.equal(config.handlers.databaseUrl, 'mysql://…@127.0.0.1/shop?…')
    assert.equal(config.routes.length, 2)
  })

  it('shows an upstream without credentials, what it has to do and whether it is well', async () => {
    const addresses = [{ url: 'http://user:secret@127.0.0.1:9', healthy: false }]
    await start({ upstreams: () => [{ name: 'php', addresses, inFlight: 2, pending: 5 }] })
    const route = bodyOf(await lab.admin({ path: '/v1/routes/rest' }))
    assert.deepEqual(route.upstreams, [
      {
        name: 'php',
        addresses: [{ url: 'http://…@127.0.0.1:9', healthy: false }],
        inFlight: 2,
        pending: 5,
      },
    ])
    const page = (await lab.admin({ path: '/metrics' })).text
    assert.match(page, /^banyan_upstream_pending\{upstream="php"\} 5$/m)
  })

  it('tells whether the file as it stands is in force, and why not', async () => {
    const rejected = { at: new Date(0).toISOString(), diagnostics: [{ code: 'tie' }] }
    const appliedAt = new Date(0).toISOString()
    const counts = { applied: 2, unchanged: 0, rejected: 1 }
    const needsRestart = ['listen.port']
    const reloads = () => ({ file: '/etc/b.yaml', appliedAt, rejected, counts, needsRestart })
    await start({ reloads })
    assert.deepEqual(bodyOf(await lab.admin({ path: '/v1/config/rejected' })), { rejected })
    const { config } = bodyOf(await lab.admin({ path: '/v1/status' }))
    assert.deepEqual([config.upToDate, config.needsRestart], [false, needsRestart])
    const page = (await lab.admin({ path: '/metrics' })).text
    assert.match(page, /^banyan_config_last_reload_successful 0$/m)
    assert.match(page, /^banyan_config_reloads_total\{result="rejected"\} 1$/m)
  })

  it('escapes what would reach the terminal of whoever reads it with curl', async () => {
    const hostile = { scope: 'all' as const, reason: '\u001b[2J\u009b31m', sinceMs: 0, untilMs: 1 }
    await start({ kills: () => [hostile] })
    const { text } = await lab.admin({ path: '/v1/kills' })
    assert.doesNotMatch(text, /(?!\n)\p{Cc}/u)
    assert.equal(JSON.parse(text).kills[0].reason, hostile.reason)
  })

  it('asks for patience while the first config loads', async () => {
    const loading = { state: 'loading' } as ReturnType<StatusSources['process']>
    await start({ process: () => loading })
    assert.equal((await lab.admin({ path: '/v1/routes' })).status, 503)
    assert.equal((await lab.admin({ path: '/v1/status' })).status, 200)
  })

  const urls = [
    ['http://u:p@host/path', 'http://…@host/path'],
    ['https://127.0.0.1:9443', 'https://127.0.0.1:9443'],
    ['unix:/run/app.sock', 'unix:/run/app.sock'],
    ['mysql://u@h/db?ssl=1', 'mysql://…@h/db?…'],
    ['GET /a?x=1', 'GET /a?x=1'],
  ] as const
  for (const [url, shown] of urls) {
    it(`shows ${url} as ${shown}`, async () => {
      await start()
      assert.equal(redactUrl(url), shown)
    })
  }
})
