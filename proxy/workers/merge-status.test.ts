import assert from 'node:assert/strict'
import type { BreakerStatus, RouteStatus } from '../admin/status.ts'
import { plainRoute } from '../routing/plain-route.ts'
import type { BinlogStatus } from '../shadow/writes/binlog/binlog-status.ts'
import { mergeBinlogs, mergeBreakers, mergeRoutes, mergeUpstreams } from './merge-status.ts'

const breaker = (state: BreakerStatus['state']): BreakerStatus => ({
  ...{ route: 'a', upstream: 'handlers', address: null, state, since: null },
})

const routeStatus = (
  requests: number,
  p99Ms: number | null,
  more: Partial<RouteStatus> = {},
): RouteStatus => {
  const latency = { count: requests, p50Ms: null, p99Ms }
  return {
    ...plainRoute('a'),
    effective: { primary: 'modern', fallback: 'legacy', reason: 'stage', why: '' },
    breakers: [],
    traffic: {
      requests: { legacy: 0, modern: requests, banyan: 1 },
      failed: 1,
      fallbacks: 2,
      latency: { legacy: latency, modern: latency },
    },
    evidence: null,
    ...more,
  }
}

describe('the status of several workers', () => {
  it('adds up the traffic of a route and tells the slowest quantile', () => {
    const [route] = mergeRoutes([[routeStatus(3, 7)], [routeStatus(4, null)], [routeStatus(5, 9)]])
    assert.deepEqual(route?.traffic.requests, { legacy: 0, modern: 12, banyan: 3 })
    assert.deepEqual(route?.traffic.latency.modern, { count: 12, p50Ms: null, p99Ms: 9 })
    assert.deepEqual([route?.traffic.failed, route?.traffic.fallbacks], [3, 6])
  })

  it('tells the breaker that is most open, and what it diverts', () => {
    const diverted = { primary: 'legacy', fallback: null, reason: 'breaker', why: 'open' } as const
    const open = routeStatus(1, 1, { breakers: [breaker('open')], effective: diverted })
    const [route] = mergeRoutes([[routeStatus(1, 1, { breakers: [breaker('closed')] })], [open]])
    assert.deepEqual(route?.breakers, [breaker('open')])
    assert.deepEqual(route?.effective, diverted)
    assert.deepEqual(mergeBreakers([[breaker('halfOpen')], [breaker('closed')]]), [
      breaker('halfOpen'),
    ])
  })

  it('tells of the binary log as the worker reads it that is worst off', () => {
    const binlog = (state: BinlogStatus['state']): BinlogStatus => ({
      ...{ server: 'db:3306', state, since: '', position: null, why: null },
    })
    const [good, slow, bad] = [binlog('following'), binlog('catchingUp'), binlog('failed')]
    assert.deepEqual(mergeBinlogs([good, null, bad, slow]), bad)
    assert.deepEqual(mergeBinlogs([null, slow, good]), slow)
    assert.equal(mergeBinlogs([null, null]), null)
  })

  it('has an address well only where every worker finds it so', () => {
    const upstream = (healthy: boolean, inFlight: number) => ({
      name: 'php',
      addresses: [{ url: 'http://a', healthy, inFlight }],
      inFlight,
      pending: 1,
    })
    assert.deepEqual(mergeUpstreams([[upstream(true, 1)], [upstream(false, 2)]]), [
      {
        name: 'php',
        addresses: [{ url: 'http://a', healthy: false, inFlight: 3 }],
        inFlight: 3,
        pending: 2,
      },
    ])
  })
})
