import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { listenOn } from '../edge/listen.ts'
import { silentLog } from '../telemetry/log.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { createAdmin } from './admin.ts'
import { type AdminLab, idleRecorder, labConfig, memoryKills, startAdmin } from './admin-lab.ts'
import { adminPaths } from './index-page.ts'
import {
  createStatus,
  type ProcessState,
  type ProcessStatus,
  type StatusSources,
} from './status.ts'

const processIn = (state: ProcessState): ProcessStatus => ({
  state,
  version: '1.2.3',
  node: '20.19.0',
  pid: 1,
  startedAt: new Date(0).toISOString(),
  uptimeMs: 1,
  listeners: [],
  handlersBuild: null,
  requestsInFlight: 0,
  tunnelsInFlight: 0,
})
const throws = (): never => {
  throw new Error('the pool is <gone>')
}

describe('probes', () => {
  let lab: AdminLab
  afterEach(() => lab.close())

  const states = [
    ['loading', 200, 503, 503],
    ['ready', 200, 200, 200],
    ['draining', 200, 503, 200],
  ] as const
  for (const [state, live, ready, started] of states) {
    it(`tell a process that is ${state} on both listeners`, async () => {
      lab = await startAdmin({ process: () => processIn(state), config: throws })
      for (const ask of [lab.admin, lab.probes]) {
        const replies = await Promise.all(
          ['/livez', '/readyz', '/startupz'].map((path) => ask({ path })),
        )
        assert.deepEqual(
          replies.map((reply) => reply.status),
          [live, ready, started],
        )
        assert.equal(JSON.parse(replies[1]?.text ?? '').state, state)
      }
    })
  }

  it('are ready whatever became of the upstreams', async () => {
    lab = await startAdmin({ upstreams: throws, breakers: throws })
    assert.equal((await lab.probes({ path: '/readyz' })).status, 200)
  })

  it('serve metrics by any name of the machine, zipped when asked', async () => {
    lab = await startAdmin()
    const headers = { host: 'node-7.example', 'accept-encoding': 'gzip' }
    const reply = await lab.probes({ path: '/metrics', headers })
    assert.equal(reply.headers['content-encoding'], 'gzip')
    assert.match(String(reply.headers['content-type']), /^text\/plain; version=0\.0\.4/)
    const page = gunzipSync(reply.bytes).toString()
    assert.match(page, /^banyan_requests_in_flight 3$/m)
    assert.match(
      page,
      /^banyan_build_info\{version="1\.2\.3",node="20\.19\.0",handlers="build-7"\} 1$/m,
    )
    assert.equal((await lab.admin({ path: '/metrics', headers })).status, 200)
  })

  it('offer nothing else on their own listener', async () => {
    lab = await startAdmin()
    for (const path of ['/', '/v1/status', '/v1/routes', '/v1/config', '/v1/kills']) {
      assert.equal((await lab.probes({ path })).status, 404, path)
    }
    const headers = { 'content-type': 'application/json' }
    const post = { method: 'POST', path: '/v1/kills', headers, body: '{}' }
    assert.equal((await lab.probes(post)).status, 404)
  })
})

describe('admin listener', () => {
  it('lists every path it has, and has every path it lists', async () => {
    const lab = await startAdmin()
    const { text, headers } = await lab.admin({ path: '/' })
    assert.match(String(headers['content-type']), /^text\/html/)
    for (const [method, path] of adminPaths) {
      assert.ok(text.includes(path), path)
      const asked = path.replace('/:id', '/articles.list').replace('/:scope', '/all')
      const reply = await lab.admin({ method, path: asked })
      const isThere = reply.status !== 405 && !/urn:banyan:admin:not_found/.test(reply.text)
      assert.ok(isThere, `${method} ${asked}: ${reply.text}`)
    }
    await lab.close()
  })

  const refuse = (host: string) => (): unknown => {
    const metrics = createMetrics({ log: silentLog, node: false })
    metrics.close()
    const { probes } = labConfig
    const actions = { kills: memoryKills(), reload: throws, explain: throws }
    const status = createStatus({} as StatusSources)
    const admin = { host, port: 9901 }
    const recorder = idleRecorder()
    return createAdmin({ admin, probes, status, metrics, log: silentLog, recorder, actions })
  }
  it('refuses to stand where others can reach it', () => {
    assert.throws(refuse('0.0.0.0'), /nothing asks who calls/)
    assert.doesNotThrow(refuse('::1'))
  })

  it('says which key to change when its port is taken, and holds none then', async () => {
    const other = createServer()
    const { port } = await listenOn(other, { host: '127.0.0.1', port: 0 }, 'other')
    const metrics = createMetrics({ log: silentLog, node: false })
    const admin = createAdmin({
      admin: { host: '127.0.0.1', port },
      probes: { host: '127.0.0.1', port: 0 },
      status: createStatus({} as StatusSources),
      metrics,
      log: silentLog,
      recorder: idleRecorder(),
      actions: { kills: memoryKills(), reload: throws, explain: throws },
    })
    await assert.rejects(
      admin.listen(),
      /another process has this port; admin.port names another one/,
    )
    other.close()
    metrics.close()
  })
})
