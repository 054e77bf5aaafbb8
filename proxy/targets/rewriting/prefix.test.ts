import assert from 'node:assert/strict'
import { toClient, toUpstream } from './prefix.ts'

const shop = { from: '/shop', to: '/' }
const deeper = { from: '/shop/', to: '/v2/app/' }

describe('a prefix', () => {
  const cases = [
    ['is taken off', shop, '/shop/a', '/a'],
    ['leaves the root', shop, '/shop', '/'],
    ['leaves the root with a query', shop, '/shop?a=1', '/?a=1'],
    ['leaves what follows as it is', shop, '/shop/a//b/%2e%2e/?x=/shop/', '/a//b/%2e%2e/?x=/shop/'],
    ['is exchanged for a longer one', deeper, '/shop/a', '/v2/app/a'],
    ['keeps a last slash', deeper, '/shop/', '/v2/app/'],
    ['ends with a segment', shop, '/shopping', null],
    ['is not found in another spelling', shop, '/%73hop/a', null],
    ['is not found behind a second slash', shop, '//shop/a', null],
    ['is not found in a target without a path', shop, '*', null],
  ] as const
  for (const [title, prefix, target, expected] of cases) {
    it(`${title}: ${target}`, () => assert.equal(toUpstream(target, prefix), expected))
  }

  it('is put back on what the upstream names', () => {
    assert.equal(toClient('/a?b', shop), '/shop/a?b')
    assert.equal(toClient('/v2/app/a', deeper), '/shop/a')
  })

  it('is not put on what lies elsewhere', () => {
    assert.equal(toClient('/v1/app/a', deeper), '/v1/app/a')
  })
})
