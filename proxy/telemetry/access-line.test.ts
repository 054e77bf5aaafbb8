import assert from 'node:assert/strict'
import { wholeBody } from '../targets/body.ts'
import { failure } from '../targets/failure.ts'
import { accessLine, causeOf, isFailed, statusOf } from './access-line.ts'
import { plainDecision, plainObservation, plainRequest } from './plain-exchange.ts'
import { redactPath, redactQuery } from './redact-url.ts'
import { traceContextOf } from './trace-context.ts'

const timeout = failure('http_response_timeout', 'modern', 'unknown', {
  cause: Object.assign(new Error('no head in 20 s'), { code: 'UND_ERR_HEADERS_TIMEOUT' }),
})
const exchange = {
  decision: plainDecision(),
  request: plainRequest(),
  seen: plainObservation(),
  revision: 'abc',
  query: 'redact' as const,
}

describe('access line', () => {
  it('says who answered what, why, and how long it took', () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const request = plainRequest({
      headers: ['Host', 'shop.example', 'TraceParent', traceparent],
      body: wholeBody(new Uint8Array(7)),
    })
    const seen = plainObservation({ targetMs: 11.23456 })
    assert.deepEqual(accessLine({ ...exchange, request, seen }), {
      requestId: 'request-1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      route: 'articles.list',
      target: 'legacy',
      role: 'primary',
      reason: 'stage',
      stage: 'legacy',
      revision: 'abc',
      method: 'GET',
      path: '/api/articles?tag=…&limit=…',
      status: 200,
      bytesIn: 7,
      bytesOut: 120,
      targetMs: 11.23,
      headMs: 12,
      totalMs: 20,
      failure: null,
      party: null,
      fallbackCause: null,
      error: null,
      client: '203.0.113.7',
    })
  })

  it('names the trace that upstreams are told of where the request has none', () => {
    const { traceId } = accessLine(exchange)
    assert.equal(traceId, traceContextOf('request-1').traceId)
  })

  it('tells the failure that a fallback hid from the client', () => {
    const instead = plainObservation({ from: 'modern', status: null, failure: timeout })
    const line = accessLine({ ...exchange, seen: plainObservation({ instead }) })
    assert.deepEqual(
      [line.status, line.failure, line.party, line.fallbackCause],
      [200, 'http_response_timeout', 'modern', 'timeout'],
    )
    assert.equal(line.error, 'UND_ERR_HEADERS_TIMEOUT: no head in 20 s')
  })

  it('calls a fallback after a whole answer by its 5xx', () => {
    const instead = plainObservation({ from: 'modern', status: 503 })
    assert.equal(causeOf(plainObservation({ instead })), '5xx')
  })

  it('gives an exchange without a head the status of its failure', () => {
    const gone = failure('client_gone', 'client', 'unknown')
    assert.equal(statusOf(plainObservation({ status: null, failure: gone })), 499)
  })

  it('cuts what is endless', () => {
    const { path } = accessLine({ ...exchange, request: plainRequest({ url: '/'.repeat(9_000) }) })
    assert.equal(path.length, 2_049)
  })

  const queries = [
    ['/a', '/a'],
    ['/a?', '/a?'],
    ['/a?x=1&y=2', '/a?x=…&y=…'],
    ['/a?token', '/a?…'],
    ['/a?x=1?y=2', '/a?x=…'],
    ['/a?x[]=1&&=v', '/a?x[]=…&&=…'],
  ] as const
  for (const [url, shown] of queries) {
    it(`shows ${url} as ${shown}`, () => assert.equal(redactQuery(url), shown))
  }

  // biome-ignore format: a table reads best as a table
  const paths: readonly (readonly [string, string])[] = [
    ['/articles/how-to-train-your-dragon-2?a=1', '/articles/how-to-train-your-dragon-2?a=1'],
    ['/users/ann%40mail.example/cards/4111111111111111', '/users/…/cards/…'],
    ['/password/reset/abc123?x=@',               '/password/…/…?x=@'],
    ['/u/eyJhbGciOiJIUzI1NiJ9.e30.x/files',      '/u/…/files'],
    ['/tokens/',                                 '/tokens/'],
    ['/cart;jsessionid=4F2A?a=b',                '/cart;jsessionid=…?a=b'],
    ['/a;v=1;sid=4f2a/reset;x=1/4f2a',           '/a;v=…;sid=…/reset;x=…/…'],
    ['/a%3Bjsessionid%3D4f2a;4f2a;/b',           '/a%3Bjsessionid=…;…;/b'],
  ]
  for (const [url, shown] of paths)
    it(`shows the path ${url} as ${shown}`, () => assert.equal(redactPath(url), shown))

  it('shows queries where the config says so', () => {
    assert.match(accessLine({ ...exchange, query: 'keep' }).path, /tag=secret/)
  })

  const failed = [
    ['a 5xx', plainObservation({ status: 500 })],
    ['a fallback', plainObservation({ instead: plainObservation() })],
    ['a broken answer', plainObservation({ failure: timeout })],
  ] as const
  for (const [what, seen] of failed) {
    it(`counts ${what} as failed`, () => assert.equal(isFailed(seen), true))
  }

  it('counts a 404 as answered', () => {
    assert.equal(isFailed(plainObservation({ status: 404 })), false)
  })
})
