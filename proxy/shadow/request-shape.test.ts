import assert from 'node:assert/strict'
import { plainRoute } from '../routing/plain-route.ts'
import { requestFingerprint, requestShape } from './request-shape.ts'

const asked = (url: string, headers: readonly string[] = [], method = 'GET') => ({
  method,
  url,
  path: url.split('?')[0] ?? '',
  headers,
})
const shape = (url: string, headers?: readonly string[], method?: string): string =>
  requestShape(asked(url, headers, method), plainRoute('a.b', { match: { path: '/a/:id/*' } }))

/** Pairs that are alike, and pairs that are not. */
const alike: readonly (readonly [string, string])[] = [
  ['/a/1/x', '/a/2/x'],
  ['/a/7?page=1&limit=2', '/a/8?limit=9&page=3'],
  ['/a/1?page=1&page=2', '/a/1?page=1'],
  ['/a/1?t0k3nsecret=1', '/a/1?0therS3cret=1'],
]
const different: readonly (readonly [string, string])[] = [
  ['/a/1', '/a/one'],
  ['/a/1', '/a/9f8e7d6c-0000-4000-8000-000000000000'],
  ['/a/1', '/a/1?page=1'],
  ['/a/1?page=1', '/a/1?limit=1'],
  ['/a/1', '/a/1/more'],
]
const headers: readonly (readonly string[])[] = [
  [],
  ['Authorization', 'Bearer x'],
  ['Cookie', 'PHPSESSID=1'],
  ['Accept', 'text/html'],
  ['Content-Type', 'application/json'],
  ['If-None-Match', '"x"'],
  ['Range', 'bytes=0-1'],
]

describe('requestShape', () => {
  for (const [a, b] of alike)
    it(`takes ${a} and ${b} for alike`, () => assert.equal(shape(a), shape(b)))
  for (const [a, b] of different) {
    it(`tells ${a} from ${b}`, () => assert.notEqual(shape(a), shape(b)))
  }

  it('tells requests by what they carry, not by the values', () => {
    const shapes = headers.map((lines) => shape('/a/1', lines))
    assert.equal(new Set(shapes).size, headers.length)
    assert.equal(shape('/a/1', ['authorization', 'Basic y']), shapes[1])
  })

  it('tells methods apart', () => assert.notEqual(shape('/a/1'), shape('/a/1', [], 'HEAD')))

  it('holds nothing that a client could hide a secret in', () => {
    const secret = 'hunter2verysecret'
    const found = shape(`/a/${secret}?${secret}=${secret}&q=${secret}`, [
      ...['Cookie', `PHPSESSID=${secret}`, 'Accept', secret, 'Authorization', secret],
    ])
    assert.ok(!found.includes(secret), found)
  })

  it('stays short, whatever is asked', () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `name${'x'.repeat(at % 20)}=1`)
    assert.ok(shape(`/a${'/b'.repeat(1_000)}?${names.join('&')}`).length < 500)
    const [long, secret] = [shape('/a/1', [], 'X'.repeat(50_000)), shape('/a/1', [], 'hunter2')]
    assert.ok(long.length < 500)
    assert.equal(long, secret)
    assert.notEqual(shape('/a/1', [], 'M-SEARCH'), secret)
  })
})

describe('requestFingerprint', () => {
  const print = (url: string, body: string | null = null): string =>
    requestFingerprint({ method: 'GET', url }, 'a.b', body === null ? null : Buffer.from(body))

  it('is the same for the same request, in whatever order its query stands', () => {
    assert.equal(print('/a?b=1&c=2'), print('/a?c=2&b=1'))
    assert.equal(print('/a', 'x'), print('/a', 'x'))
  })

  it('is another one for another path, query or body', () => {
    const all = [print('/a'), print('/b'), print('/a?b=1'), print('/a?b=2'), print('/a', 'x')]
    assert.equal(new Set(all).size, all.length)
    assert.match(all[0] ?? '', /^[\da-f]{32}$/)
  })
})
