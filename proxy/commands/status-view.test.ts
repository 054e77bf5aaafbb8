import assert from 'node:assert/strict'
import type { UpstreamStatus } from '../admin/status.ts'
import { addressesView, type ProcessReply, processView } from './status-view.ts'

const plain = (_: unknown, text: string): string => text
const upstream = (addresses: UpstreamStatus['addresses']): UpstreamStatus => ({
  name: 'php',
  addresses,
  inFlight: 0,
  pending: 0,
})

describe('addressesView', () => {
  it('lists the addresses of an upstream that has several', () => {
    const view = addressesView(
      [
        upstream([
          { url: 'http://10.0.0.1', healthy: true, inFlight: 3 },
          { url: 'http://10.0.0.2', healthy: false },
        ]),
      ],
      plain,
    )
    assert.match(view, /^php +http:\/\/10\.0\.0\.1 +well +3$/m)
    assert.match(view, /^php +http:\/\/10\.0\.0\.2 +not well +0$/m)
  })

  it('says nothing of a single address that nobody asks how it is', () => {
    assert.equal(addressesView([upstream([{ url: 'http://10.0.0.1', healthy: null }])], plain), '')
  })
})

const since = '2026-01-01T00:00:00.000Z'
const replyWith = (more: Partial<ProcessReply>): ProcessReply =>
  ({
    state: 'ready',
    version: '1.0.0',
    revision: 'a1',
    uptimeMs: 60_000,
    requestsInFlight: 0,
    tunnelsInFlight: 0,
    config: { file: null, upToDate: true },
    kills: [],
    ...more,
  }) as unknown as ProcessReply

describe('processView', () => {
  it('has a line for each worker', () => {
    const worker = { pid: 4711, state: 'ready', since, revision: 'a1', restarts: 2 } as const
    const view = processView(replyWith({ workers: [worker] }), Date.parse(since) + 61_000, plain)
    assert.match(view, /^worker 4711 {2}ready {2}for 1m 1s {2}2 restarts$/m)
  })

  it('names what the file says and only a restart brings into force', () => {
    const config = { file: '/etc/banyan.yaml', upToDate: true, needsRestart: ['listen.port'] }
    const view = processView(replyWith({ config }), Date.parse(since), plain)
    assert.match(view, /^the file on disk has changed listen\.port: in force after a restart$/m)
  })

  it('says of a kill for two hours that it holds for two hours', () => {
    const until = '2026-01-01T02:00:00.000Z'
    const kills = [{ scope: 'all', reason: 'why', since, until }]
    const view = processView(replyWith({ kills }), Date.parse(since) + 20, plain)
    assert.match(view, /^killed all for 2h more: why$/m)
  })
})
