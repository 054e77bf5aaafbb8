import assert from 'node:assert/strict'
import { plainRequest } from '../telemetry/plain-exchange.ts'
import { redirectAnswer } from './redirect.ts'
import type { InboundRequest } from './send.ts'

const request = (url: string, host = 'shop.example'): InboundRequest => {
  const plain = plainRequest()
  return { ...plain, url, peer: { ...plain.peer, host } }
}

const locationOf = (to: string, asked: InboundRequest): string | undefined =>
  redirectAnswer({ to, status: 308 }, asked).headers[1]

describe('a redirect', () => {
  const cases = [
    ['https://{host}{path}{query}', '/a//b?c=%20', 'https://shop.example/a//b?c=%20'],
    ['https://new.example/', '/a?b', 'https://new.example/'],
    ['/v2{path}', '/a?b', '/v2/a'],
    ['{path}', '//evil.example/', '/evil.example/'],
    ['{path}', '/\\evil.example/', '/evil.example/'],
    ['{path}{query}', '?a', '/?a'],
  ] as const
  for (const [to, url, expected] of cases) {
    it(`leads ${url} by ${to}`, () => assert.equal(locationOf(to, request(url)), expected))
  }

  it('answers without a body and without a target', () => {
    const answer = redirectAnswer({ to: '/x', status: 301 }, request('/'))
    assert.equal(answer.status, 301)
    assert.equal(answer.from, 'banyan')
    assert.equal(answer.failure, null)
    assert.equal(answer.body.whole?.length, 0)
  })

  it('names no host that would end the authority early', () => {
    const odd = request('/', 'evil.example/x')
    assert.throws(() => locationOf('https://{host}/', odd), { code: 'http_request_error' })
    assert.equal(locationOf('https://new.example/', odd), 'https://new.example/')
  })
})
