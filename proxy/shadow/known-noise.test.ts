import assert from 'node:assert/strict'
import { asksForOrder, knownNoise } from './known-noise.ts'

const ordered = [
  '/a?sort=-price',
  '/a?page=2&order=asc',
  '/a?order_by=price',
  '/a?sortBy=price',
  '/a?sort[price]=asc',
  '/a?sort%5Bprice%5D=asc',
  '/a?%24orderby=price',
  '/a?ordering=price',
  '/a?sort',
]
const unordered = ['/a', '/sort/a?page=2', '/a?order_id=7', '/a?assort=1', '/a?sorted_at=1#?sort=1']

describe('asksForOrder', () => {
  for (const url of ordered)
    it(`takes ${url} for asking for an order`, () => assert.ok(asksForOrder(url)))
  for (const url of unordered)
    it(`takes ${url} for asking for none`, () => assert.ok(!asksForOrder(url)))
})

describe('knownNoise', () => {
  it('forgets that a list comes in any order where a request asks for one', () => {
    const place = { pattern: '/items', shape: null, spreadMs: 0 } as const
    const places = [{ ...place, kind: 'order' } as const, { ...place, kind: 'value' } as const]
    const kinds = (url: string): string[] => knownNoise(places, url).map(({ kind }) => kind)
    assert.deepEqual([kinds('/a'), kinds('/a?sort=price')], [['order', 'value'], ['value']])
  })
})
